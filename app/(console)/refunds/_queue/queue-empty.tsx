import { Inbox, ListFilter, PartyPopper } from 'lucide-react';
import { Button } from '#app/_ui/button.tsx';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import type { QueueView } from './use-queue-view.ts';

export type QueueEmptyProps = {
  isFiltered: boolean;
  status: QueueView['status'];
  onClear(): void;
  onShowAll(): void;
};

const quietStatuses: Partial<Record<QueueView['status'], string>> = {
  claimed: 'Nobody has claimed an order',
  pending_approval: 'Nothing waits for a second person',
  snoozed: 'No order is put aside',
  escalated: 'No order is escalated',
  reversed: 'No decision was reversed',
};

/** Why there are no rows, and what to do next. */
export function QueueEmpty({ isFiltered, status, onClear, onShowAll }: QueueEmptyProps) {
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
  const quiet = quietStatuses[status];
  if (quiet)
    return (
      <EmptyState icon={Inbox} title={quiet} action={<Button onClick={onShowAll}>Show all orders</Button>}>
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
