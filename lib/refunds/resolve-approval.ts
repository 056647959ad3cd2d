import { type Connection, type Database, inTransaction } from '#db/client.ts';
import type { ResolveApprovalInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { recommendationChanged } from './conflicts.ts';
import { explainDatabaseError } from './explain-database-error.ts';
import { getApproval } from './get-approval.ts';
import { getRecommendation } from './get-recommendation.ts';
import { findApproved, insertApproved } from './insert-approved.ts';
import { lockOrder } from './lock-order.ts';
import { requireRole } from './require-role.ts';
import type { ApprovalRequest, Decision } from './types.ts';

/**
 * Settles a decision that waits for a second person: a lead other than the first person approves or rejects it,
 * the first person alone withdraws it.
 * @returns the decision where it was approved; null where the order is back where it was asked from.
 * @throws ConflictError `approval_settled` (current: the ApprovalRequest that waits now, if any) or
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
      const earlier = await findSettled(connection, person, input);
      if (earlier) return earlier.decision;
      const request = await requireWaiting(connection, input);
      refuseWrongPerson(person, request, input);
      return resolveOnce(connection, person, request, input);
    });
  } catch (error) {
    throw await explainDatabaseError(db, error, { ...input, decidedBy: person.email });
  }
}

/** What the same person has done with the request before: an answer that was lost is given again. */
async function findSettled(
  connection: Connection,
  { email }: Pick<Actor, 'email'>,
  { requestId, outcome }: ResolveApprovalInput,
): Promise<{ decision: Decision | null } | undefined> {
  const { rowCount } = await connection.query(
    'select from refunds.approval_outcomes where request_id = $1 and person = $2 and outcome = $3',
    [requestId, email, outcome],
  );
  if (!rowCount) return undefined;
  return { decision: outcome === 'approved' ? await findApproved(connection, requestId) : null };
}

async function requireWaiting(
  connection: Connection,
  { orderId, requestId }: ResolveApprovalInput,
): Promise<ApprovalRequest> {
  const waiting = await getApproval(connection, orderId);
  if (waiting?.id === requestId) return waiting;
  throw new ConflictError(
    'approval_settled',
    'That request is settled already. Nothing was written.',
    waiting,
  );
}

function refuseWrongPerson(
  person: Actor,
  { requestedBy }: ApprovalRequest,
  { outcome }: ResolveApprovalInput,
): void {
  const isFirst = requestedBy.toLowerCase() === person.email.toLowerCase();
  if (outcome === 'withdrawn') {
    if (!isFirst) throw new ForbiddenError(`Only ${requestedBy} can withdraw this.`);
    return;
  }
  requireRole(person, 'lead', 'Approving a decision');
  if (isFirst) throw new ForbiddenError('A second person has to approve this: it is your own decision.');
}

async function resolveOnce(
  connection: Connection,
  person: Actor,
  request: ApprovalRequest,
  { orderId, outcome, reason }: ResolveApprovalInput,
): Promise<Decision | null> {
  const recommendation = await getRecommendation({ pool: connection }, orderId);
  if (!recommendation) throw new NotFoundError(`There is no recommendation for order ${orderId}.`);
  if (outcome === 'approved' && recommendation.suggestion.recommendationId !== request.recommendationId)
    throw recommendationChanged(recommendation);
  const decision = outcome === 'approved' ? await insertApproved(connection, request.id, person.email) : null;
  await connection.query(
    'insert into refunds.approval_outcomes (request_id, outcome, person, reason) values ($1, $2, $3, $4)',
    [request.id, outcome, person.email, reason ?? null],
  );
  return decision;
}
