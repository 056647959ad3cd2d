import { type RecommendationSource, recommendationSources, refundClasses } from '#lib/contract/refund.ts';
import { double, instant, integer, json, named, nullable, oneOf, type RowOf, text, usd } from './columns.ts';

/**
 * The facts of an order that a recommendation is based on: times are ISO 8601 in UTC with microseconds, the total is
 * decimal text, `lines` the number of order lines. Two recommendations of an order are compared by them.
 */
export type RecommendedFacts = {
  created_at: string;
  delivered_at: string | null;
  promised_at: string | null;
  total: string;
  lines: number;
};

/** The columns that no recommendation lacks. */
export const requiredRecommendationColumns = {
  orderId: text,
  ts: instant,
  orderTs: instant,
  deliveredTs: instant,
  deliveryMinutes: double,
  orderTotalCents: named('order_total_usd', usd),
  agentResponse: text,
  reason: text,
  source: oneOf<RecommendationSource>(recommendationSources),
  policyVersion: text,
  evidence: json<Record<string, unknown>>(),
  rerun: integer,
};

/**
 * The columns of a recommendation besides its id, the same in `refund_recommendations`, where scorers write it, and
 * in the synced table `pg_recommendations`. `ts` is when it was scored, `orderTs` when the order was placed. Class and
 * amount are null where there is no answer; `rerun` is 0, or the number of the run that a person requested with `note`.
 * `facts` is null in recommendations of before facts were stored.
 */
export const recommendationColumns = {
  ...requiredRecommendationColumns,
  location: nullable(text),
  refundClass: nullable(oneOf(refundClasses)),
  refundCents: named('refund_usd', nullable(usd)),
  model: nullable(text),
  promptVersion: nullable(text),
  latencyMs: nullable(integer),
  tokens: nullable(integer),
  note: nullable(text),
  requestedBy: nullable(text),
  trace: nullable(json<unknown>()),
  facts: nullable(json<RecommendedFacts>()),
};
export type Recommendation = RowOf<typeof recommendationColumns>;
