'use client';

import { Popover } from '@base-ui/react/popover';
import { Bookmark, X } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { cx } from '#app/_ui/cx.ts';
import { TextField } from '#app/_ui/form-controls.tsx';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { paths } from '#app/paths.ts';
import type { ActionError } from '#lib/auth/index.ts';
import type { SavedView } from '#lib/refunds/queue/index.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';
import { useViews, viewSearch } from './use-views.ts';

/** The saved views by name, and a form that saves the current filters. */
export function ViewsMenu() {
  const [open, setOpen] = useState(false);
  const { views, error, pending, failure, save, remove } = useViews(open);
  const here = viewSearch(useSearchParams().toString());
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonClass()}>
        <Bookmark aria-hidden className="size-4" />
        Views
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="start" sideOffset={8} className="z-10">
          <Popover.Popup
            aria-label="Saved views"
            className="flex w-80 max-w-[calc(100vw-24px)] flex-col gap-3 rounded-8 border bg-surface p-4 outline-none"
          >
            {views ? (
              <ViewList
                views={views}
                here={here}
                pending={pending}
                onOpen={() => setOpen(false)}
                onDelete={(viewId) => void remove(viewId)}
              />
            ) : (
              !error && <Skeleton className="h-8 w-full" />
            )}
            {error && (
              <p role="alert" className="text-13 text-bad">
                {error.message}
              </p>
            )}
            <SaveView pending={pending} failure={failure} onSave={(name) => save(name, here)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

type ViewListProps = {
  views: SavedView[];
  /** The view that is on the screen. */
  here: string;
  pending: boolean;
  onOpen(): void;
  onDelete(viewId: string): void;
};

/** The saved views, each a link to its rows. */
function ViewList({ views, here, pending, onOpen, onDelete }: ViewListProps) {
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
            variant="quiet"
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

type SaveViewProps = {
  pending: boolean;
  failure: ActionError | undefined;
  onSave(name: string): Promise<boolean>;
};

/** Saves the current filters under a name. */
function SaveView({ pending, failure, onSave }: SaveViewProps) {
  const [name, setName] = useState('');
  async function send(event: FormEvent) {
    event.preventDefault();
    if (await onSave(name)) setName('');
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-3 border-t pt-3">
      <TextField
        label="Keep these filters as"
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={failure?.field === 'name' ? failure.message : undefined}
      />
      {failure && !failure.field && <ActionFailure failure={failure} />}
      <Button type="submit" className="self-start" disabled={pending}>
        {pending ? 'Saving…' : 'Save the view'}
      </Button>
    </form>
  );
}
