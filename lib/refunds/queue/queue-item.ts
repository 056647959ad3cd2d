import { sql } from 'drizzle-orm/sql';
import type { Connection, Database, Pool } from '#db/client.ts';
import { selectList, text, textArray } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { joinCaseState } from '../cases/get-case.ts';
import {
  decisionColumns,
  type QueueItem,
  queueItemColumns,
  recommendedOrderColumns,
  suggestionColumns,
} from '../rules/records.ts';

/** What `queueItemColumns` lists, of a recommendation `r`, its case `c` with its `state`, and its current decision `d`. */
export const queueItemList = sql`
      ${selectList(recommendedOrderColumns, { from: 'r' })}, ${selectList(suggestionColumns, { from: 'r' })},
      ${selectList(decisionColumns, { from: 'd', prefix: 'decision_' })},
      case when coalesce(c.is_open, true) then 'pending' else 'decided' end as status,
      state.status as case_status, state.assignee, state.due_ts, coalesce(c.facts_changed, false) as facts_changed`;

/** The tables that `queueItemList` reads, from the recommendations on. */
export const fromRecommendations = sql`
    from recommender.pg_recommendations as r
    left join refunds.cases as c on c.order_id = r.order_id
    left join refunds.refund_decisions as d on d.id = c.decision_id ${joinCaseState}`;

const selectRecommendation = statement({
  params: { orderId: text },
  returns: queueItemColumns,
  sql: ({ orderId }) => sql`
    -- at most one row
    select ${queueItemList} ${fromRecommendations}
    where r.order_id = ${orderId}`,
});

/** The newest recommendation of an order with the current decision; undefined where there is none yet. */
export async function getRecommendation(
  { pool }: { pool: Pool | Connection },
  orderId: string,
): Promise<QueueItem | undefined> {
  const [item] = await selectRecommendation(pool, { orderId });
  return item;
}

const selectRecommendations = statement({
  params: { orderIds: textArray },
  returns: queueItemColumns,
  sql: ({ orderIds }) => sql`
    -- one row per order
    select ${queueItemList} ${fromRecommendations}
    where r.order_id = any(${orderIds})`,
});

/** The newest recommendations of some orders by their ids; orders without one are omitted. */
export async function listByIds(
  { pool }: Pick<Database, 'pool'>,
  orderIds: string[],
): Promise<Map<string, QueueItem>> {
  const items = await selectRecommendations(pool, { orderIds });
  return new Map(items.map((item) => [item.orderId, item]));
}
