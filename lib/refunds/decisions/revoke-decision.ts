import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, oneOf, selectList, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { ReverseInput, UndoInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { getCase } from '../cases/get-case.ts';
import { decisionSettled } from '../rules/conflicts.ts';
import { requireRole } from '../rules/permissions.ts';
import { decisionColumns } from '../rules/records.ts';
import { hashOf, type Outcome, withOrderLock } from './with-order-lock.ts';

/**
 * Undoes a decision that the person made or approved. The database refuses it for anyone else, and 30 seconds after the
 * decision (db/sql/refunds/money/check_decision.sql). The order returns to the status in which it was decided (queued,
 * escalated or reversed), and the history keeps both rows.
 * @throws ConflictError `decision_settled` or `idempotency_key_reused`, ForbiddenError, BusyError.
 */
export async function undoDecision(
  db: Database,
  person: Actor,
  { orderId, decisionId, idempotencyKey }: UndoInput,
): Promise<Outcome> {
  requireRole(person, 'reviewer', 'Undoing a decision');
  const hash = hashOf(['undo', orderId, decisionId]);
  const keyed = { orderId, decisionId, idempotencyKey, hash };
  return revokeDecision(db, person, { ...keyed, kind: 'undo', reason: 'Undone' });
}

/**
 * Reverses the current decision of an order, however old it is: a row of its own, after which nothing is refunded. A
 * lead may then decide the order again.
 * @throws ConflictError `decision_settled` or `idempotency_key_reused`, ForbiddenError, BusyError.
 */
export async function reverseDecision(
  db: Database,
  person: Actor,
  { orderId, decisionId, reason, idempotencyKey }: ReverseInput,
): Promise<Outcome> {
  requireRole(person, 'lead', 'Reversing a decision');
  const hash = hashOf(['reversal', orderId, decisionId, reason]);
  const keyed = { orderId, decisionId, idempotencyKey, hash };
  return revokeDecision(db, person, { ...keyed, kind: 'reversal', reason });
}

type Revocation = UndoInput & { kind: 'undo' | 'reversal'; reason: string; hash: string };

async function revokeDecision(
  db: Database,
  { email: decidedBy, requestId }: Actor,
  revocation: Revocation,
): Promise<Outcome> {
  return withOrderLock(db, { ...revocation, decidedBy, requestId }, async (connection) => {
    const [decision] = await insertRevocation(connection, { ...revocation, decidedBy });
    if (decision) return { decision };
    throw decisionSettled('That decision no longer stands.', await getCase(connection, revocation.orderId));
  });
}

const insertRevocation = statement({
  params: {
    orderId: text,
    decisionId: bigint,
    kind: oneOf(['undo', 'reversal']),
    reason: text,
    decidedBy: text,
    idempotencyKey: text,
    hash: text,
  },
  returns: decisionColumns,
  sql: ({ orderId, decisionId, kind, reason, decidedBy, idempotencyKey, hash }) => sql`
    -- one row, or none where that decision is not the current one
    insert into refunds.refund_decisions (
      kind, order_id, amount_usd, refund_class, reason, decided_by, order_total_usd, recommendation_id,
      source_suggestion, supersedes_id, idempotency_key, request_hash
    )
    select
      ${kind}, order_id, 0, 'none', ${reason}, ${decidedBy}, order_total_usd, recommendation_id, source_suggestion, id,
      ${idempotencyKey}, ${hash}
    from refunds.current_decisions
    where order_id = ${orderId} and id = ${decisionId} and kind = 'decision'
    returning ${selectList(decisionColumns)}`,
});
