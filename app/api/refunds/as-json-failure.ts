import { encodeDecision, encodeQueueItem } from '#lib/contract/console-api.ts';
import { ConflictError, ValidationError } from '#lib/errors.ts';
import type { Decision, QueueItem } from '#lib/refunds/types.ts';

/** Throws again what `decideRefund` threw, with the names and shapes of the JSON contract. */
export function asJsonFailure(error: unknown): never {
  if (error instanceof ValidationError && error.field === 'amountUsd')
    throw new ValidationError('amount_usd', error.message);
  if (error instanceof ConflictError)
    throw new ConflictError(error.code, error.message, encodeCurrent(error.current));
  throw error;
}

function encodeCurrent(current: Decision | QueueItem | undefined) {
  if (!current) return null;
  return 'suggestion' in current ? encodeQueueItem(current) : encodeDecision(current);
}
