import type { Database } from '#db/client.ts';
import type { UndoInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { hashOf } from './decide-request.ts';
import { type Outcome, onOrder } from './on-order.ts';
import { requireRole } from './require-role.ts';
import { takeBack } from './take-back.ts';

/**
 * Takes one's own decision of the last 30 seconds back; the order is again where it was decided from (queued, escalated
 * or reversed), and the history keeps both.
 * @throws ConflictError `decision_settled` or `idempotency_key_reused`, ForbiddenError, BusyError.
 */
export async function undoDecision(
  db: Database,
  person: Actor,
  { orderId, decisionId, idempotencyKey }: UndoInput,
): Promise<Outcome> {
  requireRole(person, 'reviewer', 'Undoing a decision');
  const hash = hashOf(['undo', orderId, decisionId]);
  const { email: decidedBy, requestId } = person;
  const request = { orderId, decidedBy, idempotencyKey, hash, requestId };
  return onOrder(db, request, async (connection) => ({
    decision: await takeBack(connection, { request, kind: 'undo', decisionId, reason: 'Undone' }),
  }));
}
