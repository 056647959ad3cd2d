import type { Connection } from '#db/client.ts';
import { insertRecommendations } from '../insert-recommendations.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';

/**
 * Puts orders before the agent: each gets a visible row without an answer and a place in the queue, unless it has a
 * recommendation of any kind. The transaction must hold the lock. @returns how many were new.
 */
export async function deferOrders(
  connection: Connection,
  answers: PolicyAnswer[],
  now: Date,
): Promise<number> {
  const { rows } = await connection.query<{ order_id: string }>(
    `
    -- one row per order that has waited or been answered before
    select distinct order_id
    from recommender.refund_recommendations
    where order_id = any ($1)`,
    [answers.map(({ order }) => order.orderId)],
  );
  const known = new Set(rows.map((row) => row.order_id));
  const fresh = answers.filter(({ order }) => !known.has(order.orderId));
  if (fresh.length === 0) return 0;
  await connection.query(
    `
    insert into recommender.waiting_orders (order_id, rerun, since, not_before)
    select order_id, 0, $2, $2
    from unnest($1::text[]) as fresh (order_id)
    on conflict do nothing`,
    [fresh.map(({ order }) => order.orderId), now],
  );
  return insertRecommendations(
    connection,
    fresh.map(({ order, policyVersion, evidence }) => ({
      order,
      source: 'deferred' as const,
      refundClass: null,
      refundCents: null,
      reason: 'It waits for the agent.',
      agentResponse: '',
      policyVersion,
      evidence,
    })),
    now,
  );
}
