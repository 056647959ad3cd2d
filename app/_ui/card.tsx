import type { ReactNode } from 'react';
import { cx } from './cx.ts';

type CardProps = { title: string; aside?: ReactNode; children: ReactNode; className?: string };

/** A titled section with a border. */
export function Card({ title, aside, children, className }: CardProps) {
  const id = `card-${title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return (
    <section aria-labelledby={id} className={cx('rounded-8 border bg-surface', className)}>
      <header className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-b px-4 py-2">
        <h2 id={id} className="scroll-mt-20 text-13 font-semibold">
          {title}
        </h2>
        {aside}
      </header>
      <div className="p-4">{children}</div>
    </section>
  );
}
