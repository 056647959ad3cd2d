import { z } from 'zod';
import { type Cents, parseUsd, toDecimal } from '#lib/money.ts';
import { type CaseStatus, caseStatuses } from './case.ts';
import { evidenceSchema, recommendationSources, refundClasses } from './refund.ts';

/** JSON carries dollars as numbers and identities as integers; here they are cents and text. */
export const dollars = z.number().transform((usd, context): Cents => {
  const cents = parseUsd(String(usd));
  if (cents === undefined) context.addIssue({ code: 'custom', message: 'is not a whole number of cents' });
  return cents ?? z.NEVER;
});
const identity = z.int().nonnegative().transform(String);
const counts = z.object({ none: z.int(), partial: z.int(), full: z.int() });
const instant = z.iso.datetime();
export const toDollars = (cents: Cents) => Number(toDecimal(cents));

/** A decision, as POST /api/refunds answers and the queue lists it. */
export const decisionSchema = z
  .object({
    id: identity,
    kind: z.enum(['decision', 'undo', 'reversal']),
    order_id: z.string(),
    decided_ts: instant,
    amount_usd: dollars,
    refund_class: z.enum(refundClasses),
    reason: z.string(),
    reason_code: z.string().nullable(),
    decided_by: z.string(),
    approved_by: z.string().nullable(),
    supersedes_id: identity.nullable(),
  })
  .transform((json) => ({
    id: json.id,
    kind: json.kind,
    orderId: json.order_id,
    decidedTs: json.decided_ts,
    refundClass: json.refund_class,
    amountCents: json.amount_usd,
    reason: json.reason,
    reasonCode: json.reason_code,
    decidedBy: json.decided_by,
    approvedBy: json.approved_by,
    supersedesId: json.supersedes_id,
  }));
export type DecisionJson = z.input<typeof decisionSchema>;
type Decision = z.output<typeof decisionSchema>;

export function encodeDecision(decision: Decision): DecisionJson {
  return {
    id: Number(decision.id),
    kind: decision.kind,
    order_id: decision.orderId,
    decided_ts: decision.decidedTs,
    amount_usd: toDollars(decision.amountCents),
    refund_class: decision.refundClass,
    reason: decision.reason,
    reason_code: decision.reasonCode,
    decided_by: decision.decidedBy,
    approved_by: decision.approvedBy,
    supersedes_id: decision.supersedesId === null ? null : Number(decision.supersedesId),
  };
}

const suggestionSchema = z
  .object({
    recommendation_id: identity,
    refund_usd: dollars.nullable(),
    refund_class: z.enum(refundClasses).nullable(),
    reason: z.string(),
    source: z.enum(recommendationSources),
    model: z.string().nullable(),
    policy_version: z.string(),
    prompt_version: z.string().nullable(),
    evidence: evidenceSchema,
  })
  .transform((json) => ({
    recommendationId: json.recommendation_id,
    refundClass: json.refund_class,
    refundCents: json.refund_usd,
    reason: json.reason,
    source: json.source,
    model: json.model,
    policyVersion: json.policy_version,
    promptVersion: json.prompt_version,
    evidence: json.evidence,
  }));
type Suggestion = z.output<typeof suggestionSchema>;

function encodeSuggestion(suggestion: Suggestion): z.input<typeof suggestionSchema> {
  return {
    recommendation_id: Number(suggestion.recommendationId),
    refund_usd: suggestion.refundCents === null ? null : toDollars(suggestion.refundCents),
    refund_class: suggestion.refundClass,
    reason: suggestion.reason,
    source: suggestion.source,
    model: suggestion.model,
    policy_version: suggestion.policyVersion,
    prompt_version: suggestion.promptVersion,
    evidence: suggestion.evidence,
  };
}

/**
 * One row of the queue; `ts` is when it was scored, `status` says `applied` for an order that is settled,
 * `due_ts` is when a claim or a snooze ends.
 */
export const queueItemSchema = z
  .object({
    order_id: z.string(),
    ts: instant,
    order_ts: instant,
    delivered_ts: instant,
    location: z.string().nullable(),
    delivery_minutes: z.number(),
    order_total_usd: dollars,
    suggestion: suggestionSchema,
    decision: decisionSchema.nullable(),
    status: z.enum(['applied', 'pending']),
    case_status: z.enum(caseStatuses),
    assignee: z.string().nullable(),
    due_ts: instant.nullable(),
  })
  .transform((json) => ({
    orderId: json.order_id,
    location: json.location,
    orderTs: json.order_ts,
    deliveredTs: json.delivered_ts,
    deliveryMinutes: json.delivery_minutes,
    orderTotalCents: json.order_total_usd,
    suggestion: { ...json.suggestion, scoredTs: json.ts },
    decision: json.decision,
    status: json.status === 'applied' ? ('decided' as const) : ('pending' as const),
    caseStatus: json.case_status,
    assignee: json.assignee,
    dueTs: json.due_ts,
  }));
export type QueueItemJson = z.input<typeof queueItemSchema>;
type QueueItem = z.output<typeof queueItemSchema>;

export function encodeQueueItem(item: QueueItem): QueueItemJson {
  return {
    order_id: item.orderId,
    ts: item.suggestion.scoredTs,
    order_ts: item.orderTs,
    delivered_ts: item.deliveredTs,
    location: item.location,
    delivery_minutes: item.deliveryMinutes,
    order_total_usd: toDollars(item.orderTotalCents),
    suggestion: encodeSuggestion(item.suggestion),
    decision: item.decision && encodeDecision(item.decision),
    status: item.status === 'decided' ? 'applied' : 'pending',
    case_status: item.caseStatus,
    assignee: item.assignee,
    due_ts: item.dueTs,
  };
}

/** GET /api/recommendations; `next_cursor` leads to the page after this one. */
export const queuePageSchema = z
  .object({
    items: z.array(queueItemSchema),
    limit: z.int(),
    offset: z.int(),
    total: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .transform(({ items, total, next_cursor }) => ({ items, total, nextCursor: next_cursor }));
type QueuePage = z.output<typeof queuePageSchema>;

export function encodeQueuePage(
  page: QueuePage,
  { limit, offset = 0 }: { limit: number; offset?: number },
): z.input<typeof queuePageSchema> {
  return {
    items: page.items.map(encodeQueueItem),
    limit,
    offset,
    total: page.total,
    has_more: page.nextCursor !== null,
    next_cursor: page.nextCursor,
  };
}

const statusCounts = Object.fromEntries(caseStatuses.map((status) => [status, z.int()])) as Record<
  CaseStatus,
  z.ZodInt
>;

/** GET /api/summary; `recommendations_count` leaves out what needs no refund unless it was asked for. */
export const summarySchema = z
  .object({
    recommendations_count: z.int(),
    total_recommendations: z.int(),
    pending_count: z.int(),
    pending_suggested_usd: dollars,
    suggested_total_usd: dollars,
    suggestions_by_class: counts,
    without_answer: z.int(),
    decisions_count: z.int(),
    decided_total_usd: dollars,
    decisions_by_class: counts,
    locations: z.array(z.string()),
    counts_by_status: z.object(statusCounts),
  })
  .transform((json) => ({
    recommendations: json.total_recommendations,
    pending: json.pending_count,
    pendingSuggestedCents: json.pending_suggested_usd,
    suggestedCents: json.suggested_total_usd,
    suggestionsByClass: json.suggestions_by_class,
    withoutAnswer: json.without_answer,
    decisions: json.decisions_count,
    decidedCents: json.decided_total_usd,
    decisionsByClass: json.decisions_by_class,
    locations: json.locations,
    byStatus: json.counts_by_status,
  }));
type Summary = z.output<typeof summarySchema>;

export function encodeSummary(summary: Summary, includeZero: boolean): z.input<typeof summarySchema> {
  const zero = includeZero ? 0 : summary.suggestionsByClass.none;
  return {
    recommendations_count: summary.recommendations - zero,
    total_recommendations: summary.recommendations,
    pending_count: summary.pending,
    pending_suggested_usd: toDollars(summary.pendingSuggestedCents),
    suggested_total_usd: toDollars(summary.suggestedCents),
    suggestions_by_class: summary.suggestionsByClass,
    without_answer: summary.withoutAnswer,
    decisions_count: summary.decisions,
    decided_total_usd: toDollars(summary.decidedCents),
    decisions_by_class: summary.decisionsByClass,
    locations: summary.locations,
    counts_by_status: summary.byStatus,
  };
}
