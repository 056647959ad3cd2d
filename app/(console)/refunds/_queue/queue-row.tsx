'use client';

import { AlarmClock } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useKeptDraft } from '#app/_data/kept-drafts.ts';
import { cx } from '#app/_ui/cx.ts';
import { formatLocation, formatMinutes } from '#app/_ui/format.ts';
import { Money } from '#app/_ui/money.tsx';
import { TimeAgo, useNow } from '#app/_ui/relative-time.tsx';
import { paths } from '#app/paths.ts';
import type { Evidence } from '#lib/contract/refund.ts';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { OrderLink } from '../../_frame/open-order.tsx';
import { ClassBadge } from '../_parts/class-badge.tsx';
import { Lateness } from '../_parts/lateness.tsx';
import { sourceLabel } from '../_parts/source-label.ts';
import { StatusBadge } from '../_parts/status-badge.tsx';
import type { ShownRow } from './use-queue-data.ts';

type QueueRowProps = {
  row: ShownRow;
  search: string;
  reviewHours: number;
  open: boolean;
  picked: boolean;
  onPick: ((item: QueueItem) => void) | undefined;
};

/** What the queue says of an order instead of when it was delivered. */
const notDelivered: Record<NonNullable<Evidence['outcome']>, string> = {
  undelivered: 'Never',
  cancelled: 'Cancelled',
  waiting: 'Not known yet',
};

/** One order of the queue; the whole row is its link. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { row, search, reviewHours, open, picked, onPick } = props;
  const { item, left } = row;
  const { evidence, refundCents } = item.suggestion;
  return (
    <tr
      className={cx(
        'group relative',
        open || picked ? 'bg-accent-soft' : 'hover:bg-sunken',
        left && 'text-ink-3',
      )}
    >
      <td className="w-8 border-b pl-3 group-last:border-b-0">
        {onPick && (
          <input
            type="checkbox"
            aria-label={`Select order ${item.orderId}`}
            checked={picked}
            onChange={() => onPick(item)}
            className="relative z-1 block size-4 accent-accent"
          />
        )}
      </td>
      <Cell column="Order">
        <RowLink orderId={item.orderId} search={search} selected={open} />
        <p className="truncate text-12 text-ink-3 @max-[480px]:whitespace-normal @[860px]:hidden">
          {formatLocation(item.location)} · <TimeAgo at={item.deliveredTs} />
        </p>
        <Overdue item={item} hours={reviewHours} className="@[480px]:hidden" />
      </Cell>
      <Cell column="Location">{formatLocation(item.location)}</Cell>
      <Cell column="Delivered">
        {evidence.outcome ? notDelivered[evidence.outcome] : <TimeAgo at={item.deliveredTs} />}
      </Cell>
      <Cell column="Took, vs P75">
        <p className="numeric whitespace-nowrap">{formatMinutes(item.deliveryMinutes)}</p>
        <Lateness minutes={item.deliveryMinutes} evidence={evidence} />
      </Cell>
      <Cell column="Order total">
        <Money cents={item.orderTotalCents} />
      </Cell>
      <Cell column="Suggestion">
        <span className="flex flex-col items-end gap-x-2 @[480px]:flex-row @[480px]:items-center @[480px]:justify-end">
          {refundCents !== null && <Money cents={refundCents} className="font-semibold" />}
          <ClassBadge refundClass={item.suggestion.refundClass} />
        </span>
        <p className="hidden truncate text-12 text-ink-3 @[480px]:block">{sourceLabel(item.suggestion)}</p>
      </Cell>
      <Cell column="Status">
        <RowStatus row={row} />
        <Overdue item={item} hours={reviewHours} />
      </Cell>
    </tr>
  );
});

function Cell({ column, children }: { column: ColumnName; children: ReactNode }) {
  return (
    <td
      className={cx(
        'h-13 border-b px-2 py-1.5 @[480px]:px-3 whitespace-nowrap group-last:border-b-0',
        columnClass(column),
      )}
    >
      {children}
    </td>
  );
}

function RowLink({ orderId, search, selected }: { orderId: string; search: string; selected: boolean }) {
  return (
    <OrderLink
      orderId={orderId}
      href={paths.refund(orderId, search)}
      prefetch={false}
      data-queue-row={orderId}
      aria-current={selected ? 'true' : undefined}
      className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
    >
      {orderId}
    </OrderLink>
  );
}

function RowStatus({ row: { item, left } }: { row: ShownRow }) {
  const [draft] = useKeptDraft(item.orderId);
  if (left && item.status === 'pending') return <span className="text-12">Left this list</span>;
  return (
    <>
      <StatusBadge status={item.caseStatus} />
      {draft !== null && item.status === 'pending' && (
        <p title="You have begun to decide this order" className="text-12 text-accent">
          Draft
        </p>
      )}
      {item.factsChanged && (
        <p title="The facts of this order have changed since the decision" className="text-12 text-warn">
          Facts changed
        </p>
      )}
      {item.decision && (
        <p className="text-12 text-ink-3">
          <Money cents={item.decision.amountCents} />
        </p>
      )}
    </>
  );
}

/** The columns of the queue. Their widths are fixed, so that nothing moves when rows arrive; narrow screens have fewer. */
export const columns = [
  { name: 'Order', className: 'text-left' },
  { name: 'Location', className: 'hidden w-36 text-left @[860px]:table-cell' },
  { name: 'Delivered', className: 'hidden w-28 text-left @[860px]:table-cell' },
  { name: 'Took, vs P75', className: 'w-26 text-right @[480px]:w-28' },
  { name: 'Order total', className: 'hidden w-24 text-right @[560px]:table-cell' },
  { name: 'Suggestion', className: 'w-25 text-right @[480px]:w-43' },
  { name: 'Status', className: 'hidden w-28 text-left @[480px]:table-cell' },
] as const;

type ColumnName = (typeof columns)[number]['name'];

/** The classes of a column's cells. */
function columnClass(name: ColumnName): string {
  return columns.find((column) => column.name === name)?.className ?? '';
}

type OverdueProps = {
  item: Pick<QueueItem, 'status' | 'deliveredTs'>;
  hours: number;
  className?: string;
};

/** Marks an open order that has waited for too long. */
function Overdue({ item, hours, className }: OverdueProps) {
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

/** Whether an order is still open `hours` after its delivery; `now` is in milliseconds. */
export function isOverdue(
  { status, deliveredTs }: Pick<QueueItem, 'status' | 'deliveredTs'>,
  hours: number,
  now: number,
): boolean {
  return status === 'pending' && now - Date.parse(deliveredTs) >= hours * 3_600_000;
}
