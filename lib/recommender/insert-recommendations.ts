import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection } from '#db/client.ts';
import type { RecommendationSource, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import type { DeliveredOrder, PolicyAnswer } from './policy/score-order.ts';

/** A row of refund_recommendations; class and amount are null where there is no answer. */
export type NewRecommendation = {
  order: DeliveredOrder;
  source: RecommendationSource;
  refundClass: RefundClass | null;
  refundCents: Cents | null;
  reason: string;
  agentResponse: string;
  policyVersion: string;
  evidence: Record<string, unknown>;
  model?: string;
  promptVersion?: string;
  latencyMs?: number;
  tokens?: number | null;
  /** 0 is the stream's own, the others were asked for by people. */
  rerun?: number;
  note?: string | null;
  requestedBy?: string | null;
  trace?: unknown;
};

/** Takes the lock of all writers of recommendations, until the transaction ends. */
export async function lockRecommendations(connection: Connection): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.recommendations]);
}

/** What the policy says, as its own recommendation. */
export function ofPolicy(answer: PolicyAnswer): NewRecommendation {
  const { order, refundClass, refundCents, reason, agentResponse, policyVersion, evidence } = answer;
  return {
    order,
    source: 'policy',
    refundClass,
    refundCents,
    reason,
    agentResponse,
    policyVersion,
    evidence,
  };
}

/**
 * Writes recommendations in one statement, in the order given; an order that has one of this scorer version and run
 * keeps it. The transaction must hold the lock. @returns how many were new.
 */
export async function insertRecommendations(
  connection: Connection,
  recommendations: NewRecommendation[],
  scoredAt: Date,
): Promise<number> {
  const { rowCount } = await connection.query(
    `
    -- one row per order that this scorer version has not scored in this run
    insert into recommender.refund_recommendations (
      order_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
      agent_response, refund_class, refund_usd, reason, source, model, policy_version, prompt_version,
      evidence, latency_ms, tokens, rerun, note, requested_by, trace
    )
    select
      order_id, $2, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
      agent_response, refund_class, refund_usd, reason, source, model, policy_version, prompt_version,
      evidence, latency_ms, tokens, rerun, note, requested_by, trace
    from json_to_recordset($1) as scored (
      order_id text, order_ts timestamptz, delivered_ts timestamptz, location text,
      delivery_minutes double precision, order_total_usd numeric, agent_response text, refund_class text,
      refund_usd numeric, reason text, source text, model text, policy_version text, prompt_version text,
      evidence jsonb, latency_ms integer, tokens integer, rerun integer, note text, requested_by text, trace jsonb
    )
    on conflict do nothing`,
    [JSON.stringify(recommendations.map(toRow)), scoredAt],
  );
  return rowCount ?? 0;
}

function toRow({ order, ...given }: NewRecommendation) {
  return {
    order_id: order.orderId,
    order_ts: order.createdTs,
    delivered_ts: order.deliveredTs,
    location: order.location,
    delivery_minutes: order.minutes,
    order_total_usd: toDecimal(order.totalCents),
    agent_response: given.agentResponse,
    refund_class: given.refundClass,
    refund_usd: given.refundCents === null ? null : toDecimal(given.refundCents),
    reason: given.reason,
    source: given.source,
    model: given.model,
    policy_version: given.policyVersion,
    prompt_version: given.promptVersion,
    evidence: given.evidence,
    latency_ms: given.latencyMs,
    tokens: given.tokens,
    rerun: given.rerun ?? 0,
    note: given.note,
    requested_by: given.requestedBy,
    trace: given.trace,
  };
}
