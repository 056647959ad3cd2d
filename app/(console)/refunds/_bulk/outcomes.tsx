import { Button } from '#app/_ui/button.tsx';
import { formatCount } from '#app/_ui/format.ts';
import { formatUsd } from '#lib/money.ts';
import type { BulkOutcome } from '#lib/refunds/index.ts';
import { RowNotes } from './row-notes.tsx';

/** What became of each order of a bulk decision. */
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
      <Button look="primary" className="self-end" onClick={onDone}>
        Done
      </Button>
    </>
  );
}
