import type { Connection, Database } from '#db/client.ts';
import type { DecideRefundInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { amountClassError, overridesSuggestion } from '#lib/contract/refund.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import { type Cents, formatUsd } from '#lib/money.ts';
import { canDecide } from './can-decide.ts';
import { alreadyDecided, caseMoved, recommendationChanged } from './conflicts.ts';
import { type DecideRequest, readRequest } from './decide-request.ts';
import type { Result } from './find-by-key.ts';
import { getBasis } from './get-basis.ts';
import { getCase } from './get-case.ts';
import { insertApprovalRequest } from './insert-approval-request.ts';
import { insertDecision } from './insert-decision.ts';
import { type Outcome, onOrder } from './on-order.ts';
import type { QueueItem, Suggestion } from './types.ts';

/**
 * Decides the refund of an order, once; above the limit it asks for the approval of a second person instead. The
 * person comes from the session; the same idempotency key of the same person gets the stored answer again.
 * @param batchId names the bulk decision that it is part of.
 * @throws ValidationError where amount and class do not fit the order's total, or a departure has no reason code;
 * ConflictError `idempotency_key_reused`, `recommendation_changed` (current: QueueItem), `already_decided`
 * (current: the Decision that stands), `case_claimed` or `case_moved` (current: Case); NotFoundError;
 * ForbiddenError; BusyError, whose message says whether anything may have been written.
 */
export async function decideRefund(
  db: Database,
  person: Actor,
  input: DecideRefundInput,
  batchId?: string,
): Promise<Outcome> {
  const request = { ...readRequest(person, input), batchId };
  return onOrder(db, request, (connection) => decideOnce(connection, person, request));
}

async function decideOnce(connection: Connection, person: Actor, request: DecideRequest): Promise<Result> {
  const basis = await getBasis(connection, person, request.orderId);
  if (!basis) throw new NotFoundError(`There is no recommendation for order ${request.orderId}.`);
  const { recommendation } = basis;
  await refuseWhatMayNot(connection, person, recommendation, request);
  refuseIncoherent(request, basis.totalCents);
  const checked = {
    request,
    recommendationId: recommendation.suggestion.recommendationId,
    totalCents: basis.totalCents,
    reasonCode: requireReasonCode(request, recommendation.suggestion),
    supersedesId: basis.latestDecisionId,
  };
  if (request.amount > basis.limitCents)
    return { approval: await insertApprovalRequest(connection, checked) };
  return { decision: await insertDecision(connection, checked) };
}

async function refuseWhatMayNot(
  connection: Connection,
  person: Actor,
  recommendation: QueueItem,
  request: DecideRequest,
): Promise<void> {
  const { decision, suggestion, caseStatus } = recommendation;
  if (caseStatus === 'decided' && decision) throw alreadyDecided(decision);
  if (request.recommendationId !== undefined && request.recommendationId !== suggestion.recommendationId)
    throw recommendationChanged(recommendation);
  const permission = canDecide({ person, recommendation });
  if (permission.allowed) return;
  const held = caseStatus === 'claimed' || caseStatus === 'pending_approval';
  const current = held ? await getCase(connection, request.orderId) : undefined;
  throw current ? caseMoved(current) : new ForbiddenError(permission.disabledReason);
}

function refuseIncoherent({ refundClass, amount }: DecideRequest, total: Cents): void {
  if (amount > total)
    throw new ValidationError(
      'amountUsd',
      `The most that can be refunded is the order's total, ${formatUsd(total)}.`,
    );
  const reason = amountClassError(refundClass, amount, total);
  if (reason) throw new ValidationError('amountUsd', reason);
}

/** The code is kept where the decision departs from the suggestion, and nowhere else. */
function requireReasonCode(request: DecideRequest, suggestion: Suggestion): string | null {
  if (!overridesSuggestion(suggestion, request.refundClass, request.amount)) return null;
  if (request.reasonCode === undefined)
    throw new ValidationError('reasonCode', 'Choose why you depart from the suggestion.');
  return request.reasonCode;
}
