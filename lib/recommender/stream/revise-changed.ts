import { sql } from 'drizzle-orm/sql';
import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import { bigint, boolean, integer, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { lockRecommendations } from '../recommendations/insert-recommendations.ts';
import { moveCheckpoint, type Position, readCheckpoint } from './checkpoint.ts';
import { type Revised, type ReviseOptions, reviseOrders } from './revise-orders.ts';
import { listReleasable } from './waiting-orders.ts';

/** What may have changed what an order is owed: its facts, a record of it in quarantine, or the end of that. */
const walks = ['facts', 'quarantine'] as const;
type Walk = (typeof walks)[number];

const pageColumns = { batchId: bigint, orderId: text, isCandidate: boolean };

const findChanged = statement({
  params: { batchId: bigint, orderId: text, limit: integer },
  returns: pageColumns,
  sql: ({ batchId, orderId, limit }) => sql`
    -- one row per order whose facts changed past the position; a candidate has a recommendation on earlier facts, or
    -- came too late for the search for undelivered orders
    with page as materialized (
      select order_id, facts_batch, location, created_ts, delivered_ts
      from lakeflow.silver_orders
      where (facts_batch, order_id) > (${batchId}, ${orderId})
      order by facts_batch, order_id
      limit ${limit}
    )
    select page.facts_batch as batch_id, page.order_id,
      case
        when given.order_id is not null then coalesce(given.facts_batch < page.facts_batch, true)
        else page.delivered_ts is null and page.created_ts is not null and exists (
          select from recommender.undelivered_searches as search
          where search.location is not distinct from page.location and page.created_ts <= search.searched_until)
      end as is_candidate
    from page
    left join lateral (
      select order_id, facts_batch
      from recommender.refund_recommendations as recommendation
      where recommendation.order_id = page.order_id
      order by ts desc, id desc
      limit 1
    ) as given on true
    order by page.facts_batch, page.order_id`,
});

const findQuarantined = statement({
  params: { batchId: bigint, limit: integer },
  returns: pageColumns,
  sql: ({ batchId, limit }) => sql`
    -- one row per record that came into quarantine past the position; a candidate waits, and its order was called
    -- undelivered
    with page as materialized (
      select id, order_id, replayed_at is null and dropped_at is null as is_waiting
      from lakeflow.quarantined_records
      where id > ${batchId}
      order by id
      limit ${limit}
    )
    select page.id as batch_id, coalesce(page.order_id, '') as order_id,
      page.is_waiting and coalesce(given.outcome = 'undelivered', false) as is_candidate
    from page
    left join lateral (
      select evidence ->> 'outcome' as outcome
      from recommender.refund_recommendations as recommendation
      where recommendation.order_id = page.order_id
      order by ts desc, id desc
      limit 1
    ) as given on page.is_waiting
    order by page.id`,
});

const readPage: Record<Walk, (connection: Connection, from: Position, limit: number) => Promise<PageRow[]>> =
  {
    facts: (connection, from, limit) => findChanged(connection, { ...from, limit }),
    quarantine: (connection, { batchId }, limit) => findQuarantined(connection, { batchId, limit }),
  };
type PageRow = { batchId: string; orderId: string; isCandidate: boolean };

/**
 * Revises the orders whose facts changed, or of which a record came into quarantine, since the last time: page by page
 * past a checkpoint, each in one transaction. The work grows with what changed, not with history.
 */
export async function reviseChanged(
  pool: Pool,
  options: ReviseOptions & { limit: number; signal: AbortSignal },
): Promise<Revised> {
  const total = { revised: 0, undelivered: 0 };
  for (const walk of walks) {
    let isDone = false;
    while (!isDone && !options.signal.aborted) {
      const page = await revisePage(pool, walk, options);
      total.revised += page.revised;
      total.undelivered += page.undelivered;
      isDone = page.read < options.limit;
    }
  }
  return total;
}

function revisePage(
  pool: Pool,
  walk: Walk,
  { limit, ...options }: ReviseOptions & { limit: number },
): Promise<Revised & { read: number }> {
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    const from = await readCheckpoint(connection, walk);
    const page = await readPage[walk](connection, from, limit);
    const last = page.at(-1);
    if (!last) return { revised: 0, undelivered: 0, read: 0 };
    const orderIds = new Set(page.filter(({ isCandidate }) => isCandidate).map(({ orderId }) => orderId));
    const revised = await reviseOrders(connection, [...orderIds], options);
    const to = { batchId: last.batchId, orderId: walk === 'facts' ? last.orderId : '' };
    await moveCheckpoint(connection, walk, { from, to, at: options.clock.now() });
    return { ...revised, read: page.length };
  });
}

/** Answers the orders that waited for a record in quarantine which has been replayed or dropped since. */
export async function reviseReleased(
  pool: Pool,
  { limit, signal, ...options }: ReviseOptions & { limit: number; signal: AbortSignal },
): Promise<Revised> {
  const total = { revised: 0, undelivered: 0 };
  let after: string | undefined = '';
  while (after !== undefined && !signal.aborted) {
    const page: Revised & { last: string | undefined } = await reviseReleasedPage(
      pool,
      after,
      limit,
      options,
    );
    total.revised += page.revised;
    total.undelivered += page.undelivered;
    after = page.last;
  }
  return total;
}

function reviseReleasedPage(pool: Pool, after: string, limit: number, options: ReviseOptions) {
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    const orderIds = await listReleasable(connection, after, limit);
    const revised = await reviseOrders(connection, orderIds, options);
    return { ...revised, last: orderIds.length === limit ? orderIds.at(-1) : undefined };
  });
}
