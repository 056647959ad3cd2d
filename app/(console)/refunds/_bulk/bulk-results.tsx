import { Button } from '#app/_ui/button.tsx';
import { formatCount } from '#app/_ui/format.ts';
import { formatUsd } from '#lib/money.ts';
import type { BulkOutcome, Preview } from '#lib/refunds/index.ts';
import type { Selected } from './use-selection.ts';

/** The figures of a preview: how many orders would be decided, and for how much. */
export function summarizePreview(rows: Preview[]) {
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
export function listDecidable(orders: Selected[], rows: Preview[]): Selected[] {
  const admitted = new Set(rows.flatMap((row) => ('problem' in row ? [] : [row.orderId])));
  return orders.filter(({ orderId }) => admitted.has(orderId));
}

/** What a bulk decision would do. */
export function PreviewFacts({ rows }: { rows: Preview[] }) {
  const { orders, cents, approvals } = summarizePreview(rows);
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

/** The outcome of a bulk decision, order by order. */
export function Outcomes({ outcomes, onDone }: { outcomes: BulkOutcome[]; onDone(): void }) {
  const decided = outcomes.flatMap((row) => ('decision' in row && row.decision ? [row.decision] : []));
  const waiting = outcomes.flatMap((row) => ('approval' in row && row.approval ? [row.approval] : []));
  const failed = outcomes.flatMap(({ orderId, error }) => (error ? [{ orderId, note: error.message }] : []));
  const cents = decided.reduce((sum, { amountCents }) => sum + amountCents, 0);
  return (
    <>
      <p role="status" className="text-13">
        {formatCount(decided.length)} of {formatCount(outcomes.length)} are decided, {formatUsd(cents)} in
        all.
      </p>
      <RowNotes
        title="Wait for a second person"
        rows={waiting.map(({ orderId, amountCents }) => ({ orderId, note: formatUsd(amountCents) }))}
      />
      <RowNotes title="Not decided" rows={failed} />
      <Button variant="primary" className="self-end" onClick={onDone}>
        Done
      </Button>
    </>
  );
}

/** A list of orders, each with a note; nothing where it is empty. */
function RowNotes({ title, rows }: { title: string; rows: { orderId: string; note: string }[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <h3 className="text-12 text-ink-3">
        {title}: {formatCount(rows.length)}
      </h3>
      <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto">
        {rows.map(({ orderId, note }) => (
          <li key={orderId} className="text-13">
            <span className="font-medium">{orderId}</span> · <span className="text-ink-2">{note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
