import type { Database } from '#db/client.ts';
import type { ReverseInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { hashOf } from './decide-request.ts';
import { type Outcome, onOrder } from './on-order.ts';
import { requireRole } from './require-role.ts';
import { takeBack } from './take-back.ts';

/**
 * Reverses a decision that stands, however old: a row of its own, after which nothing is refunded. A lead may
 * decide the order anew.
 * @throws ConflictError `decision_settled` or `idempotency_key_reused`, ForbiddenError, BusyError.
 */
export async function reverseDecision(
  db: Database,
  person: Actor,
  { orderId, decisionId, reason, idempotencyKey }: ReverseInput,
): Promise<Outcome> {
  requireRole(person, 'lead', 'Reversing a decision');
  const hash = hashOf(['reversal', orderId, decisionId, reason]);
  const { email: decidedBy, requestId } = person;
  const request = { orderId, decidedBy, idempotencyKey, hash, requestId };
  return onOrder(db, request, async (connection) => ({
    decision: await takeBack(connection, { request, kind: 'reversal', decisionId, reason }),
  }));
}
