import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import {
  bigint,
  boolean,
  double,
  integer,
  named,
  nullable,
  type RowOf,
  text,
  textArray,
  usd,
} from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/**
 * The facts that a policy scores. `createdAt` and `deliveredAt` are microseconds since 1970; times as text are as
 * Postgres wrote them. `batchId` is the last batch that changed the facts. `preparationMinutes` is that of the order's slowest brand, null where no brand is known.
 * Of an order that was never delivered, `deliveredTs` and `minutes` are when the policy's time for it was up.
 */
export const orderFacts = {
  orderId: text,
  batchId: bigint,
  location: nullable(text),
  createdTs: text,
  createdAt: double,
  deliveredTs: text,
  deliveredAt: double,
  minutes: named('delivery_minutes', double),
  totalCents: named('total', usd),
  lineCount: integer,
  preparationMinutes: nullable(integer),
};
export type DeliveredOrder = RowOf<typeof orderFacts>;

/** The facts of a row `delivery` of silver_deliveries joined to its `deliveryLines` as `lines`. */
export const deliveryFacts = sql.raw(`
  delivery.order_id, delivery.batch_id, delivery.location, delivery.created_ts::text,
  delivery.delivered_ts::text, delivery.delivery_minutes,
  (extract(epoch from delivery.created_ts) * 1000000)::double precision as created_at,
  (extract(epoch from delivery.delivered_ts) * 1000000)::double precision as delivered_at,
  coalesce(lines.total, 0) as total, coalesce(lines.line_count, 0) as line_count, lines.preparation_minutes`);

/** The total of a delivered order and the preparation time of its slowest brand. */
export const deliveryLines = sql.raw(`
  select sum(line.extended_price) as total, count(*)::integer as line_count, max(brand.avg_prep_time_min) as preparation_minutes
  from lakeflow.silver_order_items as line
  left join simulator.brands as brand using (brand_id)
  where line.order_id = delivery.order_id
    and line.order_day = (delivery.created_ts at time zone 'UTC')::date`);

/**
 * The facts of a row `placed` of silver_orders that was not delivered within `time_limit.minutes`, joined to its
 * `undeliveredLines` as `lines`.
 */
export const undeliveredFacts = sql.raw(`
  placed.order_id, placed.facts_batch as batch_id, placed.location, placed.created_ts::text,
  (placed.created_ts + time_limit.minutes * interval '1 minute')::text as delivered_ts,
  (extract(epoch from placed.created_ts) * 1000000)::double precision as created_at,
  (extract(epoch from placed.created_ts + time_limit.minutes * interval '1 minute') * 1000000)::double precision
    as delivered_at,
  time_limit.minutes as delivery_minutes, coalesce(lines.total, 0) as total,
  coalesce(lines.line_count, 0) as line_count,
  null::integer as preparation_minutes`);

/** The total of an order that was placed. */
export const undeliveredLines = sql.raw(`
  select sum(line.extended_price) as total, count(*)::integer as line_count
  from lakeflow.silver_order_items as line
  where line.order_id = placed.order_id
    and line.order_day = (placed.created_ts at time zone 'UTC')::date`);

const findDeliveries = statement({
  params: { orderIds: textArray },
  returns: orderFacts,
  sql: ({ orderIds }) => sql`
    -- one row per delivered order
    select ${deliveryFacts}
    from lakeflow.silver_deliveries as delivery
    left join lateral (${deliveryLines}) as lines on true
    where delivery.order_id = any (${orderIds})`,
});

/** The facts of those of the orders that were delivered. */
export function getDeliveries(connection: Connection | Pool, orderIds: string[]): Promise<DeliveredOrder[]> {
  return findDeliveries(connection, { orderIds });
}

/** Up to when all events of the order `placed` have arrived: its location may be behind the newest events of others. */
export const settledUntil = sql.raw(`(
  select case
    when placed.location is null then pipeline.watermark
    else least(pipeline.watermark, activity.newest_event_ts - (pipeline.max_event_ts - pipeline.watermark))
  end
  from lakeflow.checkpoints as pipeline
  left join lakeflow.location_activity as activity on activity.location = placed.location
  where pipeline.name = 'pipeline')`);

/** Whether a record of the order `placed` waits in quarantine: it may be the delivery. */
export const isInQuarantine = sql.raw(`exists (
  select from lakeflow.quarantined_records as record
  where record.order_id = placed.order_id and record.replayed_at is null and record.dropped_at is null)`);

const findPlaced = statement({
  params: { orderIds: textArray, afterMinutes: double },
  returns: { ...orderFacts, isSettled: boolean, isInQuarantine: boolean },
  sql: ({ orderIds, afterMinutes }) => sql`
    -- one row per order that was placed and not delivered
    select ${undeliveredFacts},
      coalesce(placed.created_ts + time_limit.minutes * interval '1 minute' <= ${settledUntil}, false) as is_settled,
      ${isInQuarantine} as is_in_quarantine
    from lakeflow.silver_orders as placed
    cross join (select ${afterMinutes}::double precision as minutes) as time_limit
    left join lateral (${undeliveredLines}) as lines on true
    where placed.order_id = any (${orderIds})
      and placed.delivered_ts is null
      and placed.created_ts is not null`,
});

/**
 * An order that was placed and not delivered. `isSettled`: its time is up by the events of its own location.
 * `isInQuarantine`: one of its records waits there.
 */
export type PlacedOrder = DeliveredOrder & { isSettled: boolean; isInQuarantine: boolean };

/** Those of the orders that were placed and not delivered, as of the end of `afterMinutes`. */
export function listPlaced(
  connection: Connection | Pool,
  orderIds: string[],
  afterMinutes: number,
): Promise<PlacedOrder[]> {
  return findPlaced(connection, { orderIds, afterMinutes });
}

/** The facts of those of the orders that were not delivered within `afterMinutes`, as far as that is certain. */
export async function getUndelivered(
  connection: Connection | Pool,
  orderIds: string[],
  afterMinutes: number,
): Promise<DeliveredOrder[]> {
  const placed = await listPlaced(connection, orderIds, afterMinutes);
  return placed.flatMap(({ isSettled, isInQuarantine: isWaiting, ...order }) =>
    isSettled && !isWaiting ? [order] : [],
  );
}
