import { ConflictError } from '#lib/errors.ts';
import { formatUsd } from '#lib/money.ts';
import type { Decision, QueueItem } from './types.ts';

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
export function keyReused(earlier: Decision): ConflictError<Decision> {
  return new ConflictError(
    'idempotency_key_reused',
    'This key has already sent another decision. Send this one with a key of its own. Nothing was written.',
    earlier,
  );
}
