import type { Connection } from '#db/client.ts';
import { toDecimal } from '#lib/money.ts';
import { policyV1 } from './policy.ts';
import type { Recommendation } from './score-order.ts';

/**
 * Writes recommendations in one statement, in the order given; an order that has one of this policy version keeps it.
 * @returns how many were new.
 */
export async function insertRecommendations(
  connection: Connection,
  recommendations: Recommendation[],
  scoredAt: Date,
): Promise<number> {
  const { rowCount } = await connection.query(
    `
    -- one row per order that this policy version has not scored
    insert into recommender.refund_recommendations (
      order_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
      agent_response, refund_class, refund_usd, reason, source, policy_version, evidence
    )
    select
      order_id, $2, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
      agent_response, refund_class, refund_usd, reason, 'policy', $3, evidence
    from json_to_recordset($1) as scored (
      order_id text, order_ts timestamptz, delivered_ts timestamptz, location text,
      delivery_minutes double precision, order_total_usd numeric, agent_response text,
      refund_class text, refund_usd numeric, reason text, evidence jsonb
    )
    on conflict (order_id, policy_version) where source = 'policy' do nothing`,
    [JSON.stringify(recommendations.map(toRow)), scoredAt, policyV1.version],
  );
  return rowCount ?? 0;
}

function toRow({ order, refundClass, refundCents, reason, evidence, agentResponse }: Recommendation) {
  return {
    order_id: order.orderId,
    order_ts: order.createdTs,
    delivered_ts: order.deliveredTs,
    location: order.location,
    delivery_minutes: order.minutes,
    order_total_usd: toDecimal(order.totalCents),
    agent_response: agentResponse,
    refund_class: refundClass,
    refund_usd: toDecimal(refundCents),
    reason,
    evidence,
  };
}
