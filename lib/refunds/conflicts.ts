import { ConflictError } from '#lib/errors.ts';
import { formatUsd } from '#lib/money.ts';
import type { ApprovalRequest, Case, Decision, QueueItem } from './types.ts';

/** The answer to everyone but the first: who has decided, and what. */
export function alreadyDecided(winner: Decision): ConflictError<Decision> {
  return new ConflictError(
    'already_decided',
    `${winner.decidedBy} has already decided this order: ${formatUsd(winner.amountCents)}. Nothing was written.`,
    winner,
  );
}

/** The answer to a stale screen; `current` is what is recommended now. */
export function recommendationChanged(current: QueueItem | undefined): ConflictError<QueueItem | undefined> {
  return new ConflictError(
    'recommendation_changed',
    'The recommendation has changed since you opened it. Look at the new one, then decide. Nothing was written.',
    current,
  );
}

/** The answer to a key that comes back with another request; `earlier` is what it decided. */
export function keyReused(earlier: Decision | ApprovalRequest): ConflictError<Decision | ApprovalRequest> {
  return new ConflictError(
    'idempotency_key_reused',
    'This key has already sent another decision. Send this one with a key of its own. Nothing was written.',
    earlier,
  );
}

const statusWords: Record<Case['status'], string> = {
  queued: 'The order is back in the queue.',
  claimed: 'The order is claimed.',
  pending_approval: 'A decision on this order waits for a second person.',
  decided: 'The order is decided.',
  reversed: 'The decision on this order was reversed.',
  snoozed: 'The order is snoozed.',
  escalated: 'The order is escalated: a lead decides it.',
};

/** The answer to a step that the order can not take from where it is by now; `current` is where. */
export function caseMoved(current: Case): ConflictError<Case> {
  if (current.status === 'claimed')
    return new ConflictError(
      'case_claimed',
      `${current.assignee} is deciding this order. Nothing was written.`,
      current,
    );
  return new ConflictError('case_moved', `${statusWords[current.status]} Nothing was written.`, current);
}

/** The answer to an undo or reversal of a decision that no longer stands, or no longer can be undone. */
export function decisionSettled(message: string, current: Case | undefined): ConflictError<Case | undefined> {
  return new ConflictError('decision_settled', `${message} Nothing was written.`, current);
}
