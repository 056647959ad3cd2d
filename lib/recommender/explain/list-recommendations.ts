import type { Database } from '#db/client.ts';
import type { RecommendationSource, RefundClass } from '#lib/contract/refund.ts';

/** A recommendation as it is stored; `refundUsd` is decimal text, null with the class where there is no answer. */
export type StoredRecommendation = {
  id: string;
  ts: string;
  source: RecommendationSource;
  refundClass: RefundClass | null;
  refundUsd: string | null;
  reason: string;
  agentResponse: string;
  model: string | null;
  policyVersion: string;
  promptVersion: string | null;
  rerun: number;
  note: string | null;
  requestedBy: string | null;
  latencyMs: number | null;
  tokens: number | null;
  evidence: Record<string, unknown>;
  trace: unknown;
};

/** Every recommendation of an order, oldest first. */
export async function listRecommendations(db: Database, orderId: string): Promise<StoredRecommendation[]> {
  const { rows } = await db.pool.query<StoredRecommendation & { ts: Date }>(
    `
    -- one row per recommendation of the order
    select
      id, ts, source, refund_class as "refundClass", refund_usd as "refundUsd", reason,
      agent_response as "agentResponse", model, policy_version as "policyVersion",
      prompt_version as "promptVersion", rerun, note, requested_by as "requestedBy",
      latency_ms as "latencyMs", tokens, evidence, trace
    from recommender.refund_recommendations
    where order_id = $1
    order by ts, id`,
    [orderId],
  );
  return rows.map((row) => ({ ...row, ts: row.ts.toISOString() }));
}
