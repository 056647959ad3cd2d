import { sql } from 'drizzle-orm/sql';
import { inTransaction, type Pool } from '#db/client.ts';
import { double, integer, named, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { orderFacts, undeliveredFacts, undeliveredLines } from '../facts/order-facts.ts';
import { getPolicy } from '../policy/policies.ts';
import { scoreUnfinished } from '../policy/score-unfinished.ts';
import {
  fromPolicy,
  insertRecommendations,
  lockRecommendations,
} from '../recommendations/insert-recommendations.ts';

/** The search begins so far before the point that the last one reached: an order may arrive that much late. */
const OVERLAP_HOURS = 24;

const findSearchRange = statement({
  params: { afterMinutes: double, overlapHours: double },
  returns: { placedAfter: named('placed_after', text), placedUntil: named('placed_until', text) },
  sql: ({ afterMinutes, overlapHours }) => sql`
    -- at most one row: none where the watermark has not advanced by a minute since the last search
    select
      (stream.undelivered_until - ${overlapHours} * interval '1 hour')::text as placed_after,
      (pipeline.watermark - ${afterMinutes} * interval '1 minute')::text as placed_until
    from lakeflow.checkpoints as pipeline, recommender.stream
    where pipeline.name = 'pipeline'
      and pipeline.watermark - ${afterMinutes} * interval '1 minute'
        >= stream.undelivered_until + interval '1 minute'`,
});

const findUndelivered = statement({
  params: { afterMinutes: double, placedAfter: text, placedUntil: text, limit: integer },
  returns: orderFacts,
  sql: ({ afterMinutes, placedAfter, placedUntil, limit }) => sql`
    -- one row per order of the range that was never delivered and has no recommendation
    select ${undeliveredFacts}
    from lakeflow.silver_orders as placed
    cross join (select ${afterMinutes}::double precision as minutes) as time_limit
    left join lateral (${undeliveredLines}) as lines on true
    where placed.delivered_ts is null
      and placed.created_ts > ${placedAfter}
      and placed.created_ts <= ${placedUntil}
      and not exists (
        select from recommender.refund_recommendations as given where given.order_id = placed.order_id
      )
    order by placed.created_ts, placed.order_id
    limit ${limit}`,
});

/**
 * Recommends what the active policy grants to orders that were not delivered within its time, in one transaction that
 * also stores how far it has searched. Time here is event time: the watermark says up to when all events have
 * arrived, so a pipeline that stops makes no order undelivered. The policy alone decides these orders, never an agent.
 * @returns how many there were, at most `limit`.
 */
export async function scoreUndelivered(pool: Pool, clock: Clock, limit: number): Promise<number> {
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    const policy = await getPolicy(connection);
    const afterMinutes = policy.undeliveredAfterMinutes;
    if (afterMinutes === null) return 0;
    const [range] = await findSearchRange(connection, { afterMinutes, overlapHours: OVERLAP_HOURS });
    if (!range) return 0;
    const orders = await findUndelivered(connection, { afterMinutes, ...range, limit });
    const answers = orders.flatMap((order) => scoreUnfinished(policy, order, 'undelivered') ?? []);
    await insertRecommendations(connection, answers.map(fromPolicy), clock.now());
    if (orders.length < limit)
      await connection.query('update recommender.stream set undelivered_until = $1', [range.placedUntil]);
    return orders.length;
  });
}
