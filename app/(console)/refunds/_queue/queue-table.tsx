import type { ReactNode } from 'react';
import { cx } from '#app/_ui/cx.ts';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { PAGE_SIZE } from './queue-params.ts';
import { columns } from './queue-row.tsx';

/** The table around the queue's rows. */
export function QueueTable({ busy, children }: { busy: boolean; children: ReactNode }) {
  return (
    <table
      aria-label="Orders"
      aria-busy={busy}
      className="w-full table-fixed border-separate border-spacing-0 rounded-8 border bg-surface text-13"
    >
      <thead>
        <tr>
          <td className="sticky top-0 z-1 w-8 rounded-tl-8 border-b bg-surface" />
          {columns.map(({ name, className }) => (
            <th
              key={name}
              scope="col"
              className={cx(
                'sticky top-0 z-1 h-8 border-b bg-surface px-2 text-12 font-medium whitespace-nowrap text-ink-2 @[480px]:px-3 last:rounded-tr-8',
                className,
              )}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className={cx('transition-opacity duration-150', busy && 'opacity-60')}>{children}</tbody>
    </table>
  );
}

/** Rows of the final size while the first ones load. */
export function SkeletonRows() {
  return Array.from({ length: PAGE_SIZE }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else
    <tr key={row} className="group">
      <td className="w-8 border-b group-last:border-b-0" />
      {columns.map(({ name, className }) => (
        <td key={name} className={cx('h-13 border-b px-2 @[480px]:px-3 group-last:border-b-0', className)}>
          <Skeleton className={cx('h-4 w-16', className.includes('text-right') && 'ml-auto')} />
          <Skeleton className={cx('mt-1 h-3 w-12', className.includes('text-right') && 'ml-auto')} />
        </td>
      ))}
    </tr>
  ));
}
