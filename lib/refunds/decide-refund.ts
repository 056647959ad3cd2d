import { type Connection, type Database, inTransaction } from '#db/client.ts';
import type { DecideRefundInput } from '#lib/contract/decide-refund.ts';
import type { Person } from '#lib/contract/person.ts';
import { incoherence } from '#lib/contract/refund.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import { type Cents, formatUsd } from '#lib/money.ts';
import { canDecide } from './can-decide.ts';
import { alreadyDecided, recommendationChanged } from './conflicts.ts';
import { type DecideRequest, readRequest } from './decide-request.ts';
import { explainDatabaseError } from './explain-database-error.ts';
import { findByKey } from './find-by-key.ts';
import { getOrderTotal } from './get-order-total.ts';
import { getRecommendation } from './get-recommendation.ts';
import { insertDecision } from './insert-decision.ts';
import type { Decision, QueueItem } from './types.ts';

/** `replayed` tells a repeated request from the one that decided; the decision is the same. */
export type DecideOutcome = { decision: Decision; replayed: boolean };

/**
 * Decides the refund of an order, once. The person comes from the session; the same idempotency key of the
 * same person gets the stored answer again.
 * @throws ValidationError where amount and class do not fit the order's total; ConflictError
 * `idempotency_key_reused`, `recommendation_changed` (current: QueueItem) or `already_decided` (current: the
 * Decision that stands); NotFoundError; ForbiddenError; BusyError, whose
 * message says whether anything may have been written.
 */
export async function decideRefund(
  db: Database,
  person: Pick<Person, 'email' | 'role'>,
  input: DecideRefundInput,
): Promise<DecideOutcome> {
  const request = readRequest(person, input);
  try {
    return await inTransaction(db.pool, (connection) => decideOnce(connection, person, request));
  } catch (error) {
    throw await explainDatabaseError(db, error, request);
  }
}

/** Decisions on one order wait for one another here, so that each sees what the one before has written. */
async function decideOnce(
  connection: Connection,
  person: Pick<Person, 'role'>,
  request: DecideRequest,
): Promise<DecideOutcome> {
  await connection.query('select pg_advisory_xact_lock(hashtextextended($1, 5))', [request.orderId]);
  const earlier = await findByKey(connection, request);
  if (earlier) return { decision: earlier, replayed: true };
  const recommendation = await getRecommendation({ pool: connection }, request.orderId);
  const total = await getOrderTotal(connection, request.orderId);
  if (!recommendation || total === undefined)
    throw new NotFoundError(`There is no recommendation for order ${request.orderId}.`);
  refuseWhatMayNot(person, recommendation, request);
  refuseIncoherent(request, total);
  const decision = await insertDecision(
    connection,
    request,
    recommendation.suggestion.recommendationId,
    total,
  );
  return { decision, replayed: false };
}

function refuseWhatMayNot(
  person: Pick<Person, 'role'>,
  recommendation: QueueItem,
  request: DecideRequest,
): void {
  const { decision, suggestion } = recommendation;
  if (decision) throw alreadyDecided(decision);
  if (request.recommendationId !== undefined && request.recommendationId !== suggestion.recommendationId)
    throw recommendationChanged(recommendation);
  const permission = canDecide({ person, recommendation, standing: decision });
  if (!permission.allowed) throw new ForbiddenError(permission.disabledReason);
}

function refuseIncoherent({ refundClass, amount }: DecideRequest, total: Cents): void {
  if (amount > total)
    throw new ValidationError(
      'amountUsd',
      `The most that can be refunded is the order's total, ${formatUsd(total)}.`,
    );
  const reason = incoherence(refundClass, amount, total);
  if (reason) throw new ValidationError('amountUsd', reason);
}
