import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, boolean, instant, integer, type RowOf, selectList, text } from '#db/columns.ts';
import { recommendationColumns } from '#db/recommendation-columns.ts';
import { statement } from '#db/statement.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import { scoreNow } from '../scoring/score-orders.ts';

const storedColumns = { id: bigint, ...recommendationColumns };
/** A recommendation as it is stored; class and amount are null where there is no answer. */
export type StoredRecommendation = RowOf<typeof storedColumns>;

const queuedColumns = { rerun: integer, since: instant, notBefore: instant, attempts: integer };
/** An order's entry in the agent's queue. Times are ISO 8601 in UTC. */
export type QueuedRun = RowOf<typeof queuedColumns>;

/**
 * How an order was scored: what the active policy says now, the stored recommendations, oldest first, and the runs
 * that are queued for the agent.
 */
export type Trace = {
  orderId: string;
  now: { answer: PolicyAnswer; rules: string };
  isHistory: boolean;
  stored: StoredRecommendation[];
  queued: QueuedRun[];
};

const findStored = statement({
  params: { orderId: text },
  returns: storedColumns,
  sql: ({ orderId }) => sql`
    -- one row per recommendation of the order
    select ${selectList(storedColumns)}
    from recommender.refund_recommendations
    where order_id = ${orderId}
    order by ts, id`,
});

const findQueued = statement({
  params: { orderId: text },
  returns: queuedColumns,
  sql: ({ orderId }) => sql`
    -- one row per run of the order that is queued
    select rerun, since, greatest(not_before, since) as not_before, attempts
    from recommender.deferred_orders
    where order_id = ${orderId}
    order by rerun`,
});

const findIsHistory = statement({
  params: { deliveredTs: text },
  returns: { isHistory: boolean },
  sql: ({ deliveredTs }) => sql`
    select coalesce((select ${deliveredTs}::timestamptz <= history_until from recommender.stream), false) as is_history`,
});

/** The trace of an order; undefined where it is neither delivered nor past the policy's time. */
export async function getTrace(db: Database, orderId: string): Promise<Trace | undefined> {
  const scored = await scoreNow(db.pool, orderId);
  if (!scored) return undefined;
  const { policyAnswer: answer, rules } = scored;
  const [history] = await findIsHistory(db.pool, { deliveredTs: answer.order.deliveredTs });
  return {
    orderId,
    now: { answer, rules },
    isHistory: history?.isHistory ?? false,
    stored: await findStored(db.pool, { orderId }),
    queued: await findQueued(db.pool, { orderId }),
  };
}
