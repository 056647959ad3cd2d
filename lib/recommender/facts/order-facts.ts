import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { bigint, double, integer, named, nullable, type RowOf, text, textArray, usd } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/**
 * The facts that a policy scores. `deliveredAt` is `deliveredTs` in microseconds since 1970; times as text are as
 * Postgres wrote them. `preparationMinutes` is that of the order's slowest brand, null where no brand is known.
 * Of an order that was never delivered, `deliveredTs` and `minutes` are when the policy's time for it was up.
 */
export const orderFacts = {
  orderId: text,
  batchId: bigint,
  location: nullable(text),
  createdTs: text,
  deliveredTs: text,
  deliveredAt: double,
  minutes: named('delivery_minutes', double),
  totalCents: named('total', usd),
  preparationMinutes: nullable(integer),
};
export type DeliveredOrder = RowOf<typeof orderFacts>;

/** The facts of a row `delivery` of silver_deliveries joined to its `deliveryLines` as `lines`. */
export const deliveryFacts = sql.raw(`
  delivery.order_id, delivery.batch_id, delivery.location, delivery.created_ts::text,
  delivery.delivered_ts::text, delivery.delivery_minutes,
  (extract(epoch from delivery.delivered_ts) * 1000000)::double precision as delivered_at,
  coalesce(lines.total, 0) as total, lines.preparation_minutes`);

/** The total of a delivered order and the preparation time of its slowest brand. */
export const deliveryLines = sql.raw(`
  select sum(line.extended_price) as total, max(brand.avg_prep_time_min) as preparation_minutes
  from lakeflow.silver_order_items as line
  left join simulator.brands as brand using (brand_id)
  where line.order_id = delivery.order_id
    and line.order_day = (delivery.created_ts at time zone 'UTC')::date`);

/**
 * The facts of a row `placed` of silver_orders that was not delivered within `time_limit.minutes`, joined to its
 * `undeliveredLines` as `lines`.
 */
export const undeliveredFacts = sql.raw(`
  placed.order_id, placed.created_batch as batch_id, placed.location, placed.created_ts::text,
  (placed.created_ts + time_limit.minutes * interval '1 minute')::text as delivered_ts,
  (extract(epoch from placed.created_ts + time_limit.minutes * interval '1 minute') * 1000000)::double precision
    as delivered_at,
  time_limit.minutes as delivery_minutes, coalesce(lines.total, 0) as total,
  null::integer as preparation_minutes`);

/** The total of an order that was placed. */
export const undeliveredLines = sql.raw(`
  select sum(line.extended_price) as total
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

const findUndelivered = statement({
  params: { orderIds: textArray, afterMinutes: double },
  returns: orderFacts,
  sql: ({ orderIds, afterMinutes }) => sql`
    -- one row per order that was not delivered in time
    select ${undeliveredFacts}
    from lakeflow.silver_orders as placed
    join lakeflow.checkpoints as pipeline on pipeline.name = 'pipeline'
    cross join (select ${afterMinutes}::double precision as minutes) as time_limit
    left join lateral (${undeliveredLines}) as lines on true
    where placed.order_id = any (${orderIds})
      and placed.delivered_ts is null
      and placed.created_ts + time_limit.minutes * interval '1 minute' <= pipeline.watermark`,
});

/** The facts of those of the orders that were not delivered within `afterMinutes` of event time. */
export function getUndelivered(
  connection: Connection | Pool,
  orderIds: string[],
  afterMinutes: number,
): Promise<DeliveredOrder[]> {
  return findUndelivered(connection, { orderIds, afterMinutes });
}
