import { TimeUntil } from '#app/_ui/time-ago.tsx';
import type { Case } from '#lib/refunds/cases/index.ts';

/** Who has an order that is not simply queued, for how long, and why. */
export function CaseState({ orderCase }: { orderCase: Case }) {
  const { status, assignee, dueTs, note, changedBy } = orderCase;
  if (status === 'claimed')
    return (
      <p className="text-12 text-ink-2">
        {assignee} has it
        {dueTs && (
          <>
            ; free again <TimeUntil at={dueTs} />
          </>
        )}
      </p>
    );
  if (status !== 'snoozed' && status !== 'escalated') return null;
  return (
    <p className="text-12 text-ink-2">
      {dueTs && (
        <>
          Back <TimeUntil at={dueTs} /> ·{' '}
        </>
      )}
      {changedBy}: “{note}”
    </p>
  );
}
