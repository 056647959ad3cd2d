import {
  bigint,
  boolean,
  double,
  group,
  instant,
  json,
  named,
  nullable,
  nullableGroup,
  oneOf,
  type RowOf,
  text,
  usd,
} from '#db/columns.ts';
import { caseStatuses } from '#lib/contract/case.ts';
import {
  type Evidence,
  type OrderFacts,
  recommendationSources,
  refundClasses,
} from '#lib/contract/refund.ts';

/*
 * The nouns of the module. Each has one list of columns, from which its type follows and with which every statement
 * selects and returns it. Times are ISO 8601 in UTC, money is cents.
 */

/** What a person decided, undid or reversed. `reasonCode` says why it overrides the suggestion. */
export const decisionColumns = {
  id: bigint,
  kind: oneOf(['decision', 'undo', 'reversal']),
  orderId: text,
  decidedTs: instant,
  refundClass: oneOf(refundClasses),
  amountCents: named('amount_usd', usd),
  reason: text,
  reasonCode: nullable(text),
  decidedBy: text,
  /** The second person, where the amount was above the limit. */
  approvedBy: nullable(text),
  supersedesId: nullable(bigint),
};
export type Decision = RowOf<typeof decisionColumns>;

/** A decision above the limit that needs a second person. */
export const approvalColumns = {
  id: bigint,
  orderId: text,
  recommendationId: bigint,
  requestedTs: instant,
  requestedBy: text,
  refundClass: oneOf(refundClasses),
  amountCents: named('amount_usd', usd),
  reasonCode: nullable(text),
  reason: text,
};
export type ApprovalRequest = RowOf<typeof approvalColumns>;

/** The state of an order in the queue: who holds it, and when a claim or a snooze ends. */
export const caseColumns = {
  orderId: text,
  status: oneOf(caseStatuses),
  assignee: nullable(text),
  dueTs: nullable(instant),
  note: nullable(text),
  changedBy: nullable(text),
  changedTs: instant,
};
export type Case = RowOf<typeof caseColumns>;

/** What the scorer suggests. Class and amount are null where it has no answer (deferred, error). */
export const suggestionColumns = {
  recommendationId: bigint,
  scoredTs: named('ts', instant),
  refundClass: nullable(oneOf(refundClasses)),
  refundCents: named('refund_usd', nullable(usd)),
  reason: text,
  source: oneOf(recommendationSources),
  model: nullable(text),
  policyVersion: text,
  /** The version of the instructions that a model was given; null where no model was asked. */
  promptVersion: nullable(text),
  evidence: json<Evidence>(),
  /** Null for a recommendation from before they were kept. */
  facts: nullable(json<OrderFacts>()),
};
export type Suggestion = RowOf<typeof suggestionColumns>;

/** The order that a recommendation is about. */
export const recommendedOrderColumns = {
  orderId: text,
  location: nullable(text),
  orderTs: instant,
  deliveredTs: instant,
  deliveryMinutes: double,
  orderTotalCents: named('order_total_usd', usd),
};

/** One row of the review queue: an order with its newest recommendation, its current decision and its case. */
export const queueItemColumns = {
  ...recommendedOrderColumns,
  suggestion: group(suggestionColumns),
  decision: nullableGroup(decisionColumns, 'decision_'),
  /** `decided` once it is settled, also by a reversal. */
  status: oneOf(['pending', 'decided']),
  caseStatus: oneOf(caseStatuses),
  assignee: nullable(text),
  dueTs: nullable(instant),
  /** Whether the facts of a decided order have changed since its decision. */
  factsChanged: boolean,
};
export type QueueItem = RowOf<typeof queueItemColumns>;
