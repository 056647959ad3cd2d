import { inTransaction, type Pool } from '#db/client.ts';
import { insertRecommendations, lockRecommendations, ofPolicy } from '../insert-recommendations.ts';
import { getActivePolicy } from '../policy/get-active-policy.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import { scoreById } from '../score-by-id.ts';

/** Why the policy answers an order that was put before the agent, for the row and for people. */
export type Fallback = { code: 'no_agent' | 'agent_unavailable'; says: string };

type Waiting = { order_id: string; rerun: number; note: string | null; requested_by: string | null };

const BATCH = 1_000;

/**
 * Lets the policy answer what has waited since `until` or longer, oldest first, and says so in the row.
 * @returns how many it answered, at most 1,000.
 */
export async function answerByPolicy(
  pool: Pool,
  fallback: Fallback,
  { until, now }: { until: Date; now: Date },
): Promise<number> {
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    const { rows } = await connection.query<Waiting>(
      `
      -- one row per order that waits no more
      with due as (
        select order_id, rerun from recommender.waiting_orders
        where since <= $1
        order by since, order_id
        limit ${BATCH}
        for update skip locked
      )
      delete from recommender.waiting_orders as waiting
      using due
      where waiting.order_id = due.order_id and waiting.rerun = due.rerun
      returning waiting.order_id, waiting.rerun, waiting.note, waiting.requested_by`,
      [until],
    );
    if (rows.length === 0) return 0;
    const orderIds = [...new Set(rows.map((row) => row.order_id))];
    const answers = await scoreById(connection, await getActivePolicy(connection), orderIds);
    const byOrder = new Map(answers.map((answer) => [answer.order.orderId, answer]));
    const recommendations = rows.flatMap((waiting) => {
      const answer = byOrder.get(waiting.order_id);
      return answer ? [ofFallback(answer, waiting, fallback)] : [];
    });
    return insertRecommendations(connection, recommendations, now);
  });
}

function ofFallback(answer: PolicyAnswer, waiting: Waiting, { code, says }: Fallback) {
  const own = ofPolicy(answer);
  return {
    ...own,
    reason: `${own.reason} ${says}`,
    evidence: { ...own.evidence, fallback: code },
    rerun: waiting.rerun,
    note: waiting.note,
    requestedBy: waiting.requested_by,
  };
}
