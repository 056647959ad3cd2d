import { sql } from 'drizzle-orm/sql';
import { inTransaction, type Pool } from '#db/client.ts';
import { integer, nullable, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { getPolicy } from '../policy/policies.ts';
import {
  fromPolicy,
  insertRecommendations,
  lockRecommendations,
} from '../recommendations/insert-recommendations.ts';
import { scoreById } from '../scoring/score-orders.ts';
import { queueColumns } from './claim-order.ts';

/** Why the policy answers an order that was deferred for the agent: a code, and a sentence for people. */
export type Fallback = { code: 'no_agent' | 'agent_unavailable' | 'agent_stopped'; sentence: string };

const BATCH = 1_000;

const takeDue = statement({
  params: { until: timestamp, limit: integer },
  returns: queueColumns,
  sql: ({ until, limit }) => sql`
    -- one row per order that is taken out of the queue, oldest first
    with due as (
      select order_id, rerun from recommender.deferred_orders
      where since <= ${until}
      order by since, order_id
      limit ${limit}
      for update skip locked
    )
    delete from recommender.deferred_orders as queued
    using due
    where queued.order_id = due.order_id and queued.rerun = due.rerun
    returning queued.order_id, queued.rerun, queued.note, queued.requested_by`,
});

/**
 * Lets the policy answer the orders that have been queued since `until` or longer, oldest first, and says so in their
 * recommendations. @returns how many it answered, at most 1,000.
 */
export async function answerByPolicy(
  pool: Pool,
  { code, sentence }: Fallback,
  { until, now }: { until: Date; now: Date },
): Promise<number> {
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    const due = await takeDue(connection, { until, limit: BATCH });
    if (due.length === 0) return 0;
    const orderIds = [...new Set(due.map(({ orderId }) => orderId))];
    const answers = await scoreById(connection, await getPolicy(connection), orderIds);
    const byOrder = new Map(answers.map((answer) => [answer.order.orderId, fromPolicy(answer)]));
    const recommendations = due.flatMap((queued) => {
      const own = byOrder.get(queued.orderId);
      if (!own) return [];
      return [
        {
          ...own,
          ...queued,
          reason: `${own.reason} ${sentence}`,
          evidence: { ...own.evidence, fallback: code },
        },
      ];
    });
    return insertRecommendations(connection, recommendations, now, 'same_facts');
  });
}

/** Fewer unavailable calls in a row than this are no outage, however long ago they were. */
const CALLS_IN_A_ROW = 3;

const findOutageStart = statement({
  params: { callsInARow: integer },
  returns: { since: nullable(timestamp) },
  sql: ({ callsInARow }) => sql`
    -- at most one row: the first unavailable call after the last that was answered in any way
    select min(started_at) as since
    from recommender.agent_calls
    where outcome = 'unavailable' and code <> 'stopped'
      and id > coalesce(
        (select max(id) from recommender.agent_calls where outcome in ('answered', 'failed')), 0)
    having count(*) >= ${callsInARow}`,
});

/**
 * Since when the agent's server has not answered; undefined while it answers. It is derived from the counted calls, so
 * it survives a crash; calls that were stopped do not count.
 */
export async function findOutage(pool: Pool): Promise<Date | undefined> {
  const [row] = await findOutageStart(pool, { callsInARow: CALLS_IN_A_ROW });
  return row?.since ?? undefined;
}
