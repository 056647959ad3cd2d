import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type EmptyStateProps = { icon: LucideIcon; title: string; children: ReactNode; action?: ReactNode };

/** Says that a list is empty, why, and what to do next. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <span className="mb-2 grid size-10 place-items-center rounded-8 border bg-surface text-ink-3">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="text-16 font-semibold">{title}</h2>
      <div className="max-w-100 text-14 text-balance text-ink-2">{children}</div>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
