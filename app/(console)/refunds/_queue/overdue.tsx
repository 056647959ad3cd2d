'use client';

import { AlarmClock } from 'lucide-react';
import { cx } from '#app/_ui/cx.ts';
import { useNow } from '#app/_ui/now.tsx';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { isOverdue } from './is-overdue.ts';

type OverdueProps = {
  item: Pick<QueueItem, 'status' | 'deliveredTs'>;
  hours: number;
  className?: string;
};

/** That an open order has waited for too long, in a word; nothing before. */
export function Overdue({ item, hours, className }: OverdueProps) {
  const now = useNow();
  if (!isOverdue(item, hours, now)) return null;
  return (
    <p
      title={`Not decided within ${hours} h of the delivery`}
      className={cx('flex items-center gap-1 text-12 text-warn', className)}
    >
      <AlarmClock aria-hidden className="size-3" />
      Overdue
    </p>
  );
}
