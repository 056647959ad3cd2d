import { X } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#app/_ui/button.tsx';
import { cx } from '#app/_ui/cx.ts';
import { paths } from '#app/paths.ts';
import type { SavedView } from '#lib/refunds/queue/index.ts';

type ViewListProps = {
  views: SavedView[];
  /** The view that is on the screen. */
  here: string;
  pending: boolean;
  onOpen(): void;
  onDelete(viewId: string): void;
};

/** The saved views, each a link to its rows. */
export function ViewList({ views, here, pending, onOpen, onDelete }: ViewListProps) {
  if (views.length === 0)
    return (
      <p className="text-13 text-ink-2">
        None yet. Set the filters that you come back to, and keep them here under a name.
      </p>
    );
  return (
    <ul className="-mx-2 flex max-h-60 flex-col overflow-y-auto">
      {views.map(({ id, name, search }) => (
        <li key={id} className="flex items-center gap-1">
          <Link
            href={paths.refunds(search)}
            onClick={onOpen}
            aria-current={search === here ? 'true' : undefined}
            className={cx(
              'min-w-0 flex-1 truncate rounded-4 px-2 py-1.5 text-13 -outline-offset-2',
              search === here ? 'bg-accent-soft font-medium text-accent' : 'hover:bg-sunken',
            )}
          >
            {name}
          </Link>
          <Button
            size="small"
            look="quiet"
            aria-label={`Delete the view ${name}`}
            disabled={pending}
            onClick={() => onDelete(id)}
          >
            <X aria-hidden className="size-4" />
          </Button>
        </li>
      ))}
    </ul>
  );
}
