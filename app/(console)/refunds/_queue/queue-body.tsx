import { Inbox, ListFilter, PartyPopper } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { ApiFailure } from '#app/_data/api.ts';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import { formatClock } from '#app/_ui/format.ts';
import { Notice } from '#app/_ui/notice.tsx';
import { paths } from '#app/paths.ts';
import type { Selection } from '../_bulk/use-selection.ts';
import { QueueRow } from './queue-row.tsx';
import { QueueTable, SkeletonRows } from './queue-table.tsx';
import type { ShownRow } from './use-queue-data.ts';
import type { QueueView } from './use-queue-view.ts';

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

/** The rows, their skeleton while they load, or why there are none. */
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

type QueueEmptyProps = {
  isFiltered: boolean;
  status: QueueView['status'];
  onClear(): void;
  onShowAll(): void;
};

const emptyTitles: Partial<Record<QueueView['status'], string>> = {
  claimed: 'Nobody has claimed an order',
  pending_approval: 'Nothing waits for a second person',
  snoozed: 'No order is put aside',
  escalated: 'No order is escalated',
  reversed: 'No decision was reversed',
};

/** Why there are no rows, and what to do next. */
function QueueEmpty({ isFiltered, status, onClear, onShowAll }: QueueEmptyProps) {
  if (isFiltered)
    return (
      <EmptyState
        icon={ListFilter}
        title="No order fits these filters"
        action={<Button onClick={onClear}>Take all filters away</Button>}
      >
        There are orders, but none with all of these properties.
      </EmptyState>
    );
  if (status === 'all')
    return (
      <EmptyState icon={Inbox} title="No orders have been scored yet">
        An order appears here once it is delivered and scored. <code>npm start</code> keeps both going;{' '}
        <code>npm run status</code> says how far they are.
      </EmptyState>
    );
  const title = emptyTitles[status];
  if (title)
    return (
      <EmptyState icon={Inbox} title={title} action={<Button onClick={onShowAll}>Show all orders</Button>}>
        An order appears here as soon as somebody takes it there.
      </EmptyState>
    );
  const pending = status !== 'decided';
  return (
    <EmptyState
      icon={pending ? PartyPopper : Inbox}
      title={pending ? 'Nothing waits for a decision' : 'Nothing has been decided yet'}
      action={<Button onClick={onShowAll}>Show all orders</Button>}
    >
      {pending
        ? 'New orders appear here by themselves as soon as they are delivered and scored.'
        : 'Decide a pending order and it appears here.'}
    </EmptyState>
  );
}

type QueueErrorProps = { error: Error | null; shownSince: number | undefined; onRetry(): void };

/** What went wrong with the list, how old the rows on the screen are, and what to do next. */
export function QueueError({ error, shownSince, onRetry }: QueueErrorProps) {
  const here = paths.refunds(useSearchParams().toString());
  const path = usePathname();
  if (!error) return null;
  const failure = error instanceof ApiFailure ? error : undefined;
  const signedOut = failure?.code === 'unauthenticated';
  return (
    <Notice
      tone="bad"
      title={signedOut ? 'Your session has ended' : describeError(shownSince)}
      requestId={failure?.requestId}
      actions={
        signedOut ? (
          <Link href={paths.signIn(path.startsWith(paths.refunds()) ? here : path)} className={buttonClass()}>
            Sign in again
          </Link>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      {failure?.message ?? 'The console answered in a way that this page does not understand. Reload it.'}
      {shownSince ? ` What you see is from ${formatClock(new Date(shownSince).toISOString())} UTC.` : ''}
    </Notice>
  );
}

function describeError(shownSince: number | undefined): string {
  return shownSince ? 'The queue could not be refreshed' : 'The queue could not be loaded';
}
