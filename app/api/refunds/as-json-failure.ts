import { encode } from '#lib/contract/codec.ts';
import { decisionSchema, encodeApproval } from '#lib/contract/decision.ts';
import { queueItemSchema } from '#lib/contract/queue.ts';
import { ConflictError, ValidationError } from '#lib/errors.ts';
import type { ApprovalRequest, Case, Decision, QueueItem } from '#lib/refunds/index.ts';

const fields: Record<string, string> = { amountUsd: 'amount_usd', reasonCode: 'reason_code' };

/** Throws again what `decideRefund` threw, with the names and shapes of the JSON contract. */
export function asJsonFailure(error: unknown): never {
  if (error instanceof ValidationError)
    throw new ValidationError(fields[error.field] ?? error.field, error.message);
  if (error instanceof ConflictError)
    throw new ConflictError(error.code, error.message, encodeCurrent(error.current));
  throw error;
}

function encodeCurrent(current: Decision | QueueItem | ApprovalRequest | Case | undefined) {
  if (!current) return null;
  if ('suggestion' in current) return encode(queueItemSchema, current);
  if ('requestedBy' in current) return encodeApproval(current);
  if ('decidedBy' in current) return encode(decisionSchema, current);
  const { orderId, status, assignee, dueTs } = current;
  return { order_id: orderId, case_status: status, assignee, due_ts: dueTs };
}
