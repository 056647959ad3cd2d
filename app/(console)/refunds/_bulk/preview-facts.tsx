import { formatCount } from '#app/_ui/format.ts';
import { formatUsd } from '#lib/money.ts';
import type { Preview } from '#lib/refunds/index.ts';
import { RowNotes } from './row-notes.tsx';
import type { Selected } from './use-selection.ts';

/** The figures of a preview: what would be decided, what it costs, and what stands in the way. */
export function sumUp(rows: Preview[]) {
  const decided = rows.flatMap((row) => ('problem' in row ? [] : [row]));
  const cents = decided.reduce((sum, row) => sum + row.amountCents, 0);
  const count = `${formatCount(decided.length)} ${decided.length === 1 ? 'order' : 'orders'}`;
  return {
    orders: decided.length,
    cents,
    approvals: decided.filter((row) => row.needsApproval).length,
    needsReason: decided.some((row) => row.needsReason),
    label: cents === 0 ? `No refund for ${count}` : `Refund ${formatUsd(cents)} on ${count}`,
  };
}

/** The orders that a preview would decide. */
export function admit(orders: Selected[], rows: Preview[]): Selected[] {
  const admitted = new Set(rows.flatMap((row) => ('problem' in row ? [] : [row.orderId])));
  return orders.filter(({ orderId }) => admitted.has(orderId));
}

/** What would happen, before it does. */
export function PreviewFacts({ rows }: { rows: Preview[] }) {
  const { orders, cents, approvals } = sumUp(rows);
  const problems = rows.flatMap((row) =>
    'problem' in row ? [{ orderId: row.orderId, note: row.problem }] : [],
  );
  return (
    <div className="flex flex-col gap-3 text-13">
      <p>
        {formatCount(orders)} of {formatCount(rows.length)} would be decided, {formatUsd(cents)} in all.
        {approvals > 0 &&
          ` ${formatCount(approvals)} of them wait for a second person, being above the limit.`}
      </p>
      <RowNotes title="Left out" rows={problems} />
    </div>
  );
}
