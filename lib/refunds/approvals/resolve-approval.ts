import { sql } from 'drizzle-orm/sql';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { bigint, nullable, oneOf, selectList, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { ResolveApprovalInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { explainDatabaseError, lockOrder } from '../decisions/with-order-lock.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { recommendationChanged } from '../rules/conflicts.ts';
import { requireRole } from '../rules/permissions.ts';
import { type ApprovalRequest, type Decision, decisionColumns } from '../rules/records.ts';
import { getApproval } from './approval-requests.ts';

/**
 * Settles a decision that waits for a second person: a lead other than the first person approves or rejects it, and
 * only the first person withdraws it.
 * @returns the decision where it was approved; null where the order is back in the status it was requested in.
 * @throws ConflictError `approval_settled` (current: the pending ApprovalRequest, if any) or
 * `recommendation_changed`; ForbiddenError; NotFoundError; BusyError.
 */
export async function resolveApproval(
  db: Database,
  person: Actor,
  input: ResolveApprovalInput,
): Promise<Decision | null> {
  try {
    return await inTransaction(db.pool, async (connection) => {
      await lockOrder(connection, { orderId: input.orderId, requestId: person.requestId });
      const earlier = await findEarlierOutcome(connection, person, input);
      if (earlier) return earlier.decision;
      const request = await requirePending(connection, input);
      assertMayResolve(person, request, input.outcome);
      return resolve(connection, person, request, input);
    });
  } catch (error) {
    throw await explainDatabaseError(db, error, input.orderId);
  }
}

/** Where the same person has settled the request alike before, the answer was lost: they get it again. */
async function findEarlierOutcome(
  connection: Connection,
  { email }: Pick<Actor, 'email'>,
  { requestId, outcome }: ResolveApprovalInput,
): Promise<{ decision: Decision | null } | undefined> {
  const [earlier] = await selectOutcome(connection, { requestId, email, outcome });
  if (!earlier) return undefined;
  if (outcome !== 'approved') return { decision: null };
  const [decision] = await selectApproved(connection, { requestId });
  if (!decision) throw new RangeError(`request ${requestId} was approved without a decision`);
  return { decision };
}

async function requirePending(
  connection: Connection,
  { orderId, requestId }: ResolveApprovalInput,
): Promise<ApprovalRequest> {
  const pending = await getApproval(connection, orderId);
  if (pending?.id === requestId) return pending;
  throw new ConflictError(
    'approval_settled',
    'That request is settled already. Nothing was written.',
    pending,
  );
}

function assertMayResolve(
  person: Actor,
  { requestedBy }: ApprovalRequest,
  outcome: ResolveApprovalInput['outcome'],
): void {
  const isFirstPerson = requestedBy.toLowerCase() === person.email.toLowerCase();
  if (outcome === 'withdrawn') {
    if (!isFirstPerson) throw new ForbiddenError(`Only ${requestedBy} can withdraw this.`);
    return;
  }
  requireRole(person, 'lead', 'Approving a decision');
  if (isFirstPerson)
    throw new ForbiddenError('A second person has to approve this: it is your own decision.');
}

async function resolve(
  connection: Connection,
  { email }: Actor,
  { id: requestId, recommendationId }: ApprovalRequest,
  { orderId, outcome, reason }: ResolveApprovalInput,
): Promise<Decision | null> {
  const recommendation = await getRecommendation({ pool: connection }, orderId);
  if (!recommendation) throw new NotFoundError(`There is no recommendation for order ${orderId}.`);
  const isApproved = outcome === 'approved';
  if (isApproved && recommendation.suggestion.recommendationId !== recommendationId)
    throw recommendationChanged(recommendation);
  const [decision = null] = isApproved ? await insertApproved(connection, { requestId, email }) : [];
  await insertOutcome(connection, { requestId, outcome, email, reason: reason ?? null });
  return decision;
}

const outcomes = oneOf(['approved', 'rejected', 'withdrawn']);

const selectOutcome = statement({
  params: { requestId: bigint, email: text, outcome: outcomes },
  returns: { requestId: bigint },
  sql: ({ requestId, email, outcome }) => sql`
    select request_id from refunds.approval_outcomes
    where request_id = ${requestId} and person = ${email} and outcome = ${outcome}`,
});

const selectApproved = statement({
  params: { requestId: bigint },
  returns: decisionColumns,
  sql: ({ requestId }) => sql`
    select ${selectList(decisionColumns)} from refunds.refund_decisions where approval_id = ${requestId}`,
});

/** The decision is the first person's, as they asked for it; it names the second person beside them. */
const insertApproved = statement({
  params: { requestId: bigint, email: text },
  returns: decisionColumns,
  sql: ({ requestId, email }) => sql`
    -- one row
    insert into refunds.refund_decisions (
      order_id, amount_usd, refund_class, reason, reason_code, decided_by, order_total_usd, recommendation_id,
      source_suggestion, idempotency_key, request_hash, batch_id, approval_id, approved_by, supersedes_id
    )
    select
      order_id, amount_usd, refund_class, reason, reason_code, requested_by, order_total_usd, recommendation_id,
      source_suggestion, idempotency_key, request_hash, batch_id, id, ${email},
      (select max(id) from refunds.refund_decisions as earlier where earlier.order_id = request.order_id)
    from refunds.approval_requests as request
    where id = ${requestId}
    returning ${selectList(decisionColumns)}`,
});

const insertOutcome = statement({
  params: { requestId: bigint, outcome: outcomes, email: text, reason: nullable(text) },
  returns: {},
  sql: ({ requestId, outcome, email, reason }) => sql`
    insert into refunds.approval_outcomes (request_id, outcome, person, reason)
    values (${requestId}, ${outcome}, ${email}, ${reason})`,
});
