import type { Database } from '#db/client.ts';
import { getPolicyAnswer } from '../get-policy-answer.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import { listRecommendations, type StoredRecommendation } from './list-recommendations.ts';

/** An order's place in the agent's queue. Times are ISO 8601 in UTC. */
export type Waiting = { rerun: number; since: string; notBefore: string; attempts: number };

/**
 * All that is known about how an order was scored: what the active policy says now, what is stored, oldest first,
 * and what it waits for.
 */
export type Trace = {
  orderId: string;
  now: { answer: PolicyAnswer; rules: string };
  isHistory: boolean;
  stored: StoredRecommendation[];
  waiting: Waiting[];
};

/** The trace of an order, or undefined where it is not delivered. */
export async function getTrace(db: Database, orderId: string): Promise<Trace | undefined> {
  const asked = await getPolicyAnswer(db.pool, orderId);
  if (!asked) return undefined;
  const { rows } = await db.pool.query<{ is_history: boolean }>(
    'select coalesce((select $1::timestamptz <= history_until from recommender.stream), false) as is_history',
    [asked.policyAnswer.order.deliveredTs],
  );
  return {
    orderId,
    now: { answer: asked.policyAnswer, rules: asked.rules },
    isHistory: rows[0]?.is_history ?? false,
    stored: await listRecommendations(db, orderId),
    waiting: await listWaiting(db, orderId),
  };
}

type Row = { rerun: number; since: Date; not_before: Date; attempts: number };

async function listWaiting(db: Database, orderId: string): Promise<Waiting[]> {
  const { rows } = await db.pool.query<Row>(
    `
    -- one row per run of the order that waits
    select rerun, since, greatest(not_before, since) as not_before, attempts
    from recommender.waiting_orders
    where order_id = $1
    order by rerun`,
    [orderId],
  );
  return rows.map((row) => ({
    rerun: row.rerun,
    since: row.since.toISOString(),
    notBefore: row.not_before.toISOString(),
    attempts: row.attempts,
  }));
}
