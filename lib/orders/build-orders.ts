import { sql } from 'drizzle-orm/sql';
import { nullable, type RowOf, text, textArray } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';
import { borderTypes } from './measure-phases.ts';

const builtColumns = {
  /** A row of recommender.pg_orders as JSON text, without `synced_at`. */
  order: text,
  /** A row of recommender.pg_order_places as JSON text; null where the place is not known. */
  place: nullable(text),
};
export type BuiltOrder = RowOf<typeof builtColumns>;

const firstTimes = sql.raw(
  borderTypes.map((type) => `min(ts) filter (where event_type = '${type}')`).join(', '),
);

/**
 * What is kept of each body: the fields that the contract names. Others may hold anything, and where the order goes is
 * kept apart.
 */
const keptBody = sql.raw(`
          case event_type
            when 'order_created' then json_build_object('items', body -> 'items')
            when 'driver_picked_up' then
              json_build_object('route_points', body -> 'route_points', 'eta_mins', body -> 'eta_mins')
            when 'driver_ping' then json_build_object(
              'progress_pct', body -> 'progress_pct', 'loc_lat', body -> 'loc_lat', 'loc_lon', body -> 'loc_lon')
            when 'delivered' then json_build_object(
              'delivered_lat', body -> 'delivered_lat', 'delivered_lon', body -> 'delivered_lon')
            else '{}'
          end`);

const selectOrders = statement({
  params: { orderIds: textArray },
  returns: builtColumns,
  sql: ({ orderIds }) => sql`
    -- one row per order whose creation is known. The days of each order name the partitions that hold its rows; where
    -- they were not recorded, all are searched.
    with wanted as (
      select
        wanted.order_id, coalesce(known.facts_batch, 0) as facts_batch,
        coalesce(known.first_day, '-infinity') as first_day, coalesce(known.last_day, 'infinity') as last_day
      from unnest(${orderIds}::text[]) as wanted (order_id)
      left join lakeflow.silver_orders as known using (order_id)
    )
    select to_json(built)::text as order, to_json(place)::text as place
    from wanted
    cross join lateral (
      select
        min(line.gk_id) as gk_id, min(line.location) as location, min(line.location_id) as location_id,
        min(line.order_ts) as created_ts, sum(line.extended_price) as total_usd,
        coalesce(array_agg(distinct line.brand_id) filter (where line.brand_id is not null), '{}') as brand_ids,
        json_agg(json_build_object(
          'line_no', line.line_no, 'item_id', line.item_id, 'item_name', line.item_name, 'brand_id', line.brand_id,
          'brand_name', brand.name, 'price', line.price::text, 'qty', line.qty,
          'extended_price', line.extended_price::text
        ) order by line.line_no) as lines
      from lakeflow.silver_order_items as line
      left join simulator.brands as brand on brand.brand_id = line.brand_id
      where line.order_id = wanted.order_id and line.order_day between wanted.first_day and wanted.last_day
      having count(*) > 0
    ) as content
    cross join lateral (
      select
        array[${firstTimes}] as border_ts,
        coalesce(json_agg(json_build_array(
          event_id, event_type, to_char(ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), sequence, gk_id,
          location, location_id, ${keptBody}
        ) order by ts, sequence, event_id), '[]') as events
      from (
        select
          event_id, event_type, ts, sequence, gk_id, location, location_id,
          case json_typeof(body) when 'string' then (body #>> '{}')::json else body end as body
        from lakeflow.all_events as event
        where event.order_id = wanted.order_id
          and event.ts >= wanted.first_day::timestamp at time zone 'UTC'
          and event.ts < (wanted.last_day + 1)::timestamp at time zone 'UTC'
      ) as event
    ) as history
    left join lakeflow.silver_deliveries as delivery on delivery.order_id = wanted.order_id
    left join simulator.locations as kitchen on kitchen.location_code = content.location
    cross join lateral (
      select
        wanted.order_id, wanted.facts_batch, content.gk_id, content.location, content.location_id,
        kitchen.name as location_name, kitchen.time_zone, content.created_ts, delivery.delivered_ts,
        delivery.delivery_minutes, content.total_usd, content.brand_ids, content.lines, history.border_ts, history.events
    ) as built
    left join lateral (
      select
        known_place.order_id, content.created_ts, known_place.latitude, known_place.longitude, known_place.address
      from lakeflow.silver_customer_places as known_place
      where known_place.order_id = wanted.order_id
    ) as place on true`,
});

/**
 * Builds what the console needs of some orders from the lakehouse. An order whose creation is not known, or whose lines
 * were deleted, has none.
 */
export function buildOrders(lakehouse: Runner, orderIds: string[]): Promise<BuiltOrder[]> {
  return selectOrders(lakehouse, { orderIds });
}

const selectBrands = statement({
  returns: { brands: text },
  sql: () => sql`
    -- one row: all brands as a JSON array of rows of recommender.pg_brands
    select coalesce(json_agg(json_build_object('brand_id', brand_id, 'name', name)), '[]')::text as brands
    from simulator.brands`,
});

/** All brands of the lakehouse, as JSON text of rows of recommender.pg_brands. */
export async function buildBrands(lakehouse: Runner): Promise<string> {
  const [row] = await selectBrands(lakehouse, {});
  return row?.brands ?? '[]';
}
