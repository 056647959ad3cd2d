import { ConflictError } from '#lib/errors.ts';
import { formatUsd } from '#lib/money.ts';
import type { ApprovalRequest, Case, Decision, QueueItem } from './records.ts';

/** Another decision came first; `current` is that decision. */
export function alreadyDecided(winner: Decision): ConflictError<Decision> {
  return new ConflictError(
    'already_decided',
    `${winner.decidedBy} has already decided this order: ${formatUsd(winner.amountCents)}. Nothing was written.`,
    winner,
  );
}

/** The screen showed an older recommendation; `current` is the newest one. */
export function recommendationChanged(current: QueueItem | undefined): ConflictError<QueueItem | undefined> {
  return new ConflictError(
    'recommendation_changed',
    'The recommendation has changed since you opened it. Look at the new one, then decide. Nothing was written.',
    current,
  );
}

/** The same idempotency key was sent with another request; `earlier` is the result of the first one. */
export function keyReused(earlier: Decision | ApprovalRequest): ConflictError<Decision | ApprovalRequest> {
  return new ConflictError(
    'idempotency_key_reused',
    'This key has already sent another decision. Send this one with a key of its own. Nothing was written.',
    earlier,
  );
}

const statusSentences: Record<Case['status'], string> = {
  queued: 'The order is back in the queue.',
  claimed: 'The order is claimed.',
  pending_approval: 'A decision on this order waits for a second person.',
  decided: 'The order is decided.',
  reversed: 'The decision on this order was reversed.',
  snoozed: 'The order is snoozed.',
  escalated: 'The order is escalated: a lead decides it.',
};

/** The case's current status does not allow the step; `current` is the case. */
export function caseMoved(current: Case): ConflictError<Case> {
  if (current.status === 'claimed')
    return new ConflictError(
      'case_claimed',
      `${current.assignee} is deciding this order. Nothing was written.`,
      current,
    );
  return new ConflictError('case_moved', `${statusSentences[current.status]} Nothing was written.`, current);
}

/** The decision to undo or reverse is no longer the current one, or can no longer be undone. */
export function decisionSettled(message: string, current: Case | undefined): ConflictError<Case | undefined> {
  return new ConflictError('decision_settled', `${message} Nothing was written.`, current);
}
