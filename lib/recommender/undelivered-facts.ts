/**
 * What a scorer knows of a row `placed` of silver_orders that was not delivered within `given_up.minutes`, with its
 * `undeliveredLines` as `lines`. Its `delivered_ts` is when the time was up.
 */
export const undeliveredColumns = `
      placed.order_id, placed.created_batch as batch_id, placed.location, placed.created_ts::text,
      (placed.created_ts + given_up.minutes * interval '1 minute')::text as delivered_ts,
      (extract(epoch from placed.created_ts + given_up.minutes * interval '1 minute') * 1000000)::double precision
        as delivered_at,
      given_up.minutes as delivery_minutes, coalesce(lines.total, 0) as total,
      null::integer as preparation_minutes`;

/** The total of an order that was placed. */
export const undeliveredLines = `
      select sum(line.extended_price) as total
      from lakeflow.silver_order_items as line
      where line.order_id = placed.order_id
        and line.order_day = (placed.created_ts at time zone 'UTC')::date`;
