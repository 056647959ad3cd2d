import { sql } from 'drizzle-orm/sql';
import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import { double, integer, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { getPolicy } from '../policy/policies.ts';
import { lockRecommendations } from '../recommendations/insert-recommendations.ts';
import { type Revised, type ReviseOptions, reviseOrders } from './revise-orders.ts';

/** A location is searched again when its events have advanced by this much. */
const STEP = '1 minute';

const findDue = statement({
  params: { afterMinutes: double },
  returns: { location: nullable(text), searchedUntil: text, until: text },
  sql: ({ afterMinutes }) => sql`
    -- one row per location whose own events have advanced since its last search, and one for orders without a location
    with pipeline as (
      select watermark, max_event_ts - watermark as lateness
      from lakeflow.checkpoints where name = 'pipeline' and watermark is not null
    ), settled as (
      select activity.location, least(watermark, newest_event_ts - lateness) as until
      from lakeflow.location_activity as activity cross join pipeline
      union all
      select null, watermark from pipeline
    ), horizon as (
      select location, until - ${afterMinutes} * interval '1 minute' as until from settled
    )
    select horizon.location, coalesce(search.searched_until, '-infinity')::text as searched_until,
      horizon.until::text as until
    from horizon
    left join recommender.undelivered_searches as search on search.location is not distinct from horizon.location
    where search.searched_until is null or horizon.until >= search.searched_until + ${sql.raw(`interval '${STEP}'`)}
    order by horizon.location`,
});

const findUndelivered = statement({
  params: { location: nullable(text), after: text, until: text, limit: integer },
  returns: { orderId: text },
  sql: ({ location, after, until, limit }) => sql`
    -- one row per order of the range that was never delivered, has no recommendation and does not wait for a record
    select placed.order_id
    from lakeflow.silver_orders as placed
    where (placed.location = ${location} or (${location}::text is null and placed.location is null))
      and placed.delivered_ts is null
      and placed.created_ts > ${after} and placed.created_ts <= ${until}
      and not exists (
        select from recommender.refund_recommendations as given where given.order_id = placed.order_id)
      and not exists (
        select from recommender.waiting_orders as held where held.order_id = placed.order_id)
    order by placed.created_ts, placed.order_id
    limit ${limit}`,
});

/**
 * Recommends what the active policy grants to orders that were not delivered within its time. Time here is event time
 * of the order's own location: a pipeline that stops, or a location that is silent, makes no order undelivered. The
 * policy alone decides these orders, never an agent.
 */
export async function scoreUndelivered(
  pool: Pool,
  options: ReviseOptions & { limit: number; signal: AbortSignal },
): Promise<Revised> {
  const total = { revised: 0, undelivered: 0 };
  let isDone = false;
  while (!isDone && !options.signal.aborted) {
    const found = await inTransaction(pool, (connection) => search(connection, options));
    total.revised += found.revised;
    total.undelivered += found.undelivered;
    isDone = found.isDone;
  }
  return total;
}

/** Searches every location that is due, at most `limit` orders; a location is done when all of its orders were found. */
async function search(
  connection: Connection,
  { limit, ...options }: ReviseOptions & { limit: number },
): Promise<Revised & { isDone: boolean }> {
  await lockRecommendations(connection);
  const policy = await getPolicy(connection);
  const afterMinutes = policy.undeliveredAfterMinutes;
  if (afterMinutes === null) return { revised: 0, undelivered: 0, isDone: true };
  const found: string[] = [];
  for (const { location, searchedUntil, until } of await findDue(connection, { afterMinutes })) {
    const left = limit - found.length;
    if (left === 0) break;
    const orders = await findUndelivered(connection, { location, after: searchedUntil, until, limit: left });
    found.push(...orders.map(({ orderId }) => orderId));
    if (orders.length < left) await moveSearch(connection, location, until);
  }
  const revised = await reviseOrders(connection, found, options);
  return { ...revised, isDone: found.length < limit };
}

async function moveSearch(connection: Connection, location: string | null, until: string): Promise<void> {
  await connection.query(
    `
    insert into recommender.undelivered_searches (location, searched_until) values ($1, $2)
    on conflict (location) do update set searched_until = excluded.searched_until`,
    [location, until],
  );
}
