import { useSearchParams } from 'next/navigation';
import type { Selection } from '../_bulk/use-selection.ts';
import type { ShownRow } from './merge-rows.ts';
import { QueueEmpty, type QueueEmptyProps } from './queue-empty.tsx';
import { QueueRow } from './queue-row.tsx';
import { QueueTable, SkeletonRows } from './queue-table.tsx';

type QueueBodyProps = QueueEmptyProps & {
  rows: ShownRow[];
  loaded: boolean;
  failed: boolean;
  busy: boolean;
  orderId: string | null;
  reviewHours: number;
  /** Undefined where the person may not decide. */
  selection: Selection | undefined;
};

/** The rows, or what stands in their place: their outline, or why there are none. */
export function QueueBody(props: QueueBodyProps) {
  const { rows, loaded, failed, busy, orderId, reviewHours, selection, ...empty } = props;
  const search = useSearchParams().toString();
  if (!loaded && failed) return null;
  if (loaded && rows.length === 0) return <QueueEmpty {...empty} />;
  return (
    <QueueTable busy={busy || !loaded}>
      {!loaded && <SkeletonRows />}
      {rows.map((row) => (
        <QueueRow
          key={row.item.orderId}
          row={row}
          search={search}
          reviewHours={reviewHours}
          open={row.item.orderId === orderId}
          picked={selection?.selected.has(row.item.orderId) ?? false}
          onPick={selection?.toggle}
        />
      ))}
    </QueueTable>
  );
}
