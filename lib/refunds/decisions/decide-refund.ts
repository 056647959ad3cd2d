import { sql } from 'drizzle-orm/sql';
import type { Connection, Database } from '#db/client.ts';
import {
  bigint,
  type Columns,
  group,
  named,
  nullable,
  oneOf,
  selectList,
  sqlNameOf,
  text,
  usd,
} from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { DecideRefundInput } from '#lib/contract/decision.ts';
import { amountText } from '#lib/contract/fields.ts';
import type { Actor } from '#lib/contract/person.ts';
import { amountClassError, overridesSuggestion, refundClasses } from '#lib/contract/refund.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import { type Cents, formatUsd, parseUsd } from '#lib/money.ts';
import { getCase } from '../cases/get-case.ts';
import { fromRecommendations, getRecommendation, queueItemList } from '../queue/queue-item.ts';
import { alreadyDecided, caseMoved, recommendationChanged } from '../rules/conflicts.ts';
import { canDecide } from '../rules/permissions.ts';
import {
  approvalColumns,
  decisionColumns,
  type QueueItem,
  queueItemColumns,
  type Suggestion,
  suggestionColumns,
} from '../rules/records.ts';
import { hashOf, type KeyedRequest, type Outcome, type Result, withOrderLock } from './with-order-lock.ts';

/**
 * Decides the refund of an order, once; above the limit it asks for the approval of a second person instead. The
 * person comes from the session; the same idempotency key of the same person returns the stored result again.
 * @param batchId names the bulk decision that it is part of.
 * @throws ValidationError where amount and class do not fit the order's total, or an override has no reason code;
 * ConflictError `idempotency_key_reused`, `recommendation_changed` (current: QueueItem), `already_decided`
 * (current: Decision), `case_claimed` or `case_moved` (current: Case); NotFoundError; ForbiddenError; BusyError, whose
 * message says whether anything may have been written.
 */
export async function decideRefund(
  db: Database,
  person: Actor,
  input: DecideRefundInput,
  batchId: string | null = null,
): Promise<Outcome> {
  const request = parseRequest(person, input);
  return withOrderLock(db, request, (connection) => decide(connection, person, request, batchId));
}

async function decide(
  connection: Connection,
  person: Actor,
  request: DecideRequest,
  batchId: string | null,
): Promise<Result> {
  const { orderId, refundClass, amountCents, reason, decidedBy, idempotencyKey, hash } = request;
  const [context] = await selectContext(connection, { orderId, email: person.email });
  if (!context) throw new NotFoundError(`There is no recommendation for order ${orderId}.`);
  const { recommendation, totalCents, limitCents, latestDecisionId } = context;
  if (totalCents === null)
    throw new NotFoundError(
      `The lines of order ${orderId} have not reached the console, so its refund has no limit. Run the sync, then decide. Nothing was written.`,
    );
  await assertDecidable(connection, person, recommendation, request);
  assertAmountFitsClass(request, totalCents);
  const decision = {
    ...{ orderId, refundClass, amountCents, reason, decidedBy, idempotencyKey, hash, totalCents, batchId },
    recommendationId: recommendation.suggestion.recommendationId,
    reasonCode: requireReasonCode(request, recommendation.suggestion),
  };
  if (amountCents > limitCents) {
    const [approval] = await insertApprovalRequest(connection, decision);
    if (approval) return { approval };
  } else {
    const [decided] = await insertDecision(connection, { ...decision, supersedesId: latestDecisionId });
    if (decided) return { decision: decided };
  }
  throw recommendationChanged(await getRecommendation({ pool: connection }, orderId));
}

type DecideRequest = DecideRefundInput & KeyedRequest & { amountCents: Cents };

/** @throws ValidationError where the amount is not plain dollars and cents. */
function parseRequest({ email, requestId }: Actor, input: DecideRefundInput): DecideRequest {
  const amountCents = amountText.safeParse(input.amountUsd).success ? parseUsd(input.amountUsd) : undefined;
  if (amountCents === undefined)
    throw new ValidationError('amountUsd', 'Enter the amount in dollars and cents, as in 4.50.');
  const { orderId, recommendationId = null, refundClass, reason, reasonCode = null } = input;
  const hash = hashOf([orderId, recommendationId, refundClass, amountCents, reason, reasonCode]);
  return { ...input, amountCents, decidedBy: email, hash, requestId };
}

async function assertDecidable(
  connection: Connection,
  person: Actor,
  recommendation: QueueItem,
  request: DecideRequest,
): Promise<void> {
  const { decision, suggestion, caseStatus } = recommendation;
  if (caseStatus === 'decided' && decision) throw alreadyDecided(decision);
  if (request.recommendationId !== undefined && request.recommendationId !== suggestion.recommendationId)
    throw recommendationChanged(recommendation);
  const permission = canDecide(person, recommendation);
  if (permission.allowed) return;
  const isHeld = caseStatus === 'claimed' || caseStatus === 'pending_approval';
  const current = isHeld ? await getCase(connection, request.orderId) : undefined;
  throw current ? caseMoved(current) : new ForbiddenError(permission.disabledReason);
}

function assertAmountFitsClass({ refundClass, amountCents }: DecideRequest, total: Cents): void {
  if (amountCents > total)
    throw new ValidationError(
      'amountUsd',
      `The most that can be refunded is the order's total, ${formatUsd(total)}.`,
    );
  const error = amountClassError(refundClass, amountCents, total);
  if (error) throw new ValidationError('amountUsd', error);
}

/** A reason code is stored with an override of the suggestion, and only there. */
function requireReasonCode(request: DecideRequest, suggestion: Suggestion): string | null {
  if (!overridesSuggestion(suggestion, request.refundClass, request.amountCents)) return null;
  if (request.reasonCode === undefined)
    throw new ValidationError('reasonCode', 'Choose why you depart from the suggestion.');
  return request.reasonCode;
}

/** What a decision is checked against, in one query. The total is that of the synced order. */
const selectContext = statement({
  params: { orderId: text, email: text },
  returns: {
    recommendation: group(queueItemColumns),
    totalCents: named('total', nullable(usd)),
    limitCents: named('limit', usd),
    latestDecisionId: nullable(bigint),
  },
  sql: ({ orderId, email }) => sql`
    -- at most one row
    select ${queueItemList},
      refunds.order_total(r.order_id) as total, refunds.approval_limit(${email}) as limit,
      (select max(id) from refunds.refund_decisions where order_id = ${orderId}) as latest_decision_id
    ${fromRecommendations}
    where r.order_id = ${orderId}`,
});

const checkedColumns = {
  orderId: text,
  recommendationId: bigint,
  amountCents: usd,
  totalCents: usd,
  refundClass: oneOf(refundClasses),
  reason: text,
  reasonCode: nullable(text),
  decidedBy: text,
  idempotencyKey: text,
  hash: text,
  batchId: nullable(text),
};

/** The suggestion as it is now, as a decision keeps it. */
const snapshot = sql.raw(
  `jsonb_build_object(${sqlNames(suggestionColumns)
    .map((name) => `'${name}', r.${name}`)
    .join(', ')})`,
);

function sqlNames(columns: Columns): string[] {
  return Object.entries(columns).map(([key, column]) => sqlNameOf(key, column));
}

const insertDecision = statement({
  params: { ...checkedColumns, supersedesId: nullable(bigint) },
  returns: decisionColumns,
  sql: (checked) => sql`
    -- one row, or none where another recommendation has replaced the one that was checked
    insert into refunds.refund_decisions (
      order_id, amount_usd, order_total_usd, refund_class, reason, reason_code, decided_by, recommendation_id,
      source_suggestion, idempotency_key, request_hash, batch_id, supersedes_id
    )
    select
      r.order_id, ${checked.amountCents}, ${checked.totalCents}, ${checked.refundClass}, ${checked.reason},
      ${checked.reasonCode}, ${checked.decidedBy}, r.recommendation_id, ${snapshot}, ${checked.idempotencyKey},
      ${checked.hash}, ${checked.batchId}, ${checked.supersedesId}
    from recommender.pg_recommendations as r
    where r.order_id = ${checked.orderId} and r.recommendation_id = ${checked.recommendationId}
    returning ${selectList(decisionColumns)}`,
});

const insertApprovalRequest = statement({
  params: checkedColumns,
  returns: approvalColumns,
  sql: (checked) => sql`
    -- one row, or none where another recommendation has replaced the one that was checked
    insert into refunds.approval_requests (
      order_id, amount_usd, order_total_usd, refund_class, reason, reason_code, requested_by, recommendation_id,
      source_suggestion, idempotency_key, request_hash, batch_id
    )
    select
      r.order_id, ${checked.amountCents}, ${checked.totalCents}, ${checked.refundClass}, ${checked.reason},
      ${checked.reasonCode}, ${checked.decidedBy}, r.recommendation_id, ${snapshot}, ${checked.idempotencyKey},
      ${checked.hash}, ${checked.batchId}
    from recommender.pg_recommendations as r
    where r.order_id = ${checked.orderId} and r.recommendation_id = ${checked.recommendationId}
    returning ${selectList(approvalColumns)}`,
});
