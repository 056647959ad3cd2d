/** Which files hold events, and where the known locations stand. */
export type RawSource = {
  /** Paths or globs of files with an object, an array or lines; `.gz` is unpacked. Every record is a JSON object. */
  files: readonly string[];
  /** The parquet file of the locations that the database knows. */
  locations?: string | undefined;
};

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** One row per record, every field as it is written. */
function raw({ files }: RawSource): string {
  return `
create table raw as
select * from read_json(
  [${files.map(quote).join(', ')}], format = 'auto', maximum_object_size = 268435456, filename = true,
  columns = {
    event_id: 'VARCHAR', event_type: 'VARCHAR', ts: 'VARCHAR', gk_id: 'VARCHAR', location: 'VARCHAR',
    location_id: 'INTEGER', order_id: 'VARCHAR', sequence: 'INTEGER', body: 'JSON'
  })`;
}

/** No table of locations is one without rows. */
function places({ locations }: RawSource): string {
  return locations
    ? `create table places as select location_id, location_code from read_parquet(${quote(locations)})`
    : 'create table places (location_id integer, location_code varchar)';
}

const bronze = `
create table all_events as
with valid as (
  select
    event_id, event_type, try_cast(ts as timestamptz) at time zone 'UTC' as ts, gk_id, location, location_id,
    order_id, sequence, json_type(body) = 'VARCHAR' as is_text,
    case json_type(body) when 'VARCHAR' then body ->> '$' else cast(body as varchar) end as body
  from raw
  where coalesce(event_id, '') <> '' and coalesce(order_id, '') <> '' and sequence >= 0
    and event_type in ('order_created', 'gk_started', 'gk_finished', 'gk_ready', 'driver_arrived',
                       'driver_picked_up', 'driver_ping', 'delivered')
    and try_cast(ts as timestamptz) is not null
)
select
  event_id, any_value(event_type) as event_type, any_value(ts) as ts, any_value(gk_id) as gk_id,
  any_value(coalesce(valid.location, named.location_code, 'location_' || valid.location_id)) as location,
  any_value(coalesce(valid.location_id, numbered.location_id)) as location_id,
  any_value(order_id) as order_id, any_value(sequence) as sequence, any_value(body) as body,
  any_value(is_text) as is_text
from valid
left join places as named on named.location_id = valid.location_id
left join places as numbered on numbered.location_code = valid.location
group by event_id`;

const orders = `
create table silver_orders as
select
  order_id, cast(min(ts) as date) as first_day, cast(max(ts) as date) as last_day,
  max(gk_id) filter (event_type = 'order_created') as gk_id,
  max(location) filter (event_type = 'order_created') as location,
  max(location_id) filter (event_type = 'order_created') as location_id,
  min(ts) filter (event_type = 'order_created') as created_ts,
  min(ts) filter (event_type = 'delivered') as delivered_ts,
  min(ts) filter (event_type = 'gk_ready') as ready_ts,
  min(ts) filter (event_type = 'driver_picked_up') as picked_up_ts
from all_events group by order_id`;

const items = `
create table silver_order_items as
with lines as (
  select
    event.*,
    generate_subscripts(cast(body -> '$.items' as json[]), 1) as line_no,
    unnest(cast(body -> '$.items' as json[])) as item
  from all_events as event
  where event_type = 'order_created'
)
select
  order_id, gk_id, location, location_id, ts as order_ts, cast(ts as date) as order_day, line_no,
  cast(item ->> '$.id' as integer) as item_id, cast(item ->> '$.menu_id' as integer) as menu_id,
  cast(item ->> '$.category_id' as integer) as category_id, cast(item ->> '$.brand_id' as integer) as brand_id,
  item ->> '$.name' as item_name, cast(item ->> '$.price' as decimal(12, 2)) as price,
  cast(item ->> '$.qty' as integer) as qty,
  cast(item ->> '$.price' as decimal(12, 2)) * cast(item ->> '$.qty' as integer) as extended_price
from lines`;

const deliveries = `
create table silver_deliveries as
with created as (
  select order_id, any_value(gk_id) as gk_id, any_value(location) as location,
    any_value(location_id) as location_id, min(ts) as created_ts
  from all_events where event_type = 'order_created' group by order_id
),
arrived as (
  select order_id, min(ts) as delivered_ts from all_events where event_type = 'delivered' group by order_id
)
select
  created.*, delivered_ts,
  date_diff('microsecond', created_ts, delivered_ts) / 60e6 as delivery_minutes
from created join arrived using (order_id)`;

/** The times of an order side by side: a phase is the time between two of them, where that is not negative. */
const phases = `
create table silver_delivery_phases as
with borders as (
  pivot (select order_id, event_type, ts from all_events
         where event_type in ('order_created', 'gk_ready', 'driver_picked_up', 'delivered'))
  on event_type in ('order_created', 'gk_ready', 'driver_picked_up', 'delivered') using min(ts) group by order_id
),
measured as (
  select order_id, delivered as delivered_ts,
    date_diff('microsecond', order_created, gk_ready) / 60e6 as kitchen,
    date_diff('microsecond', gk_ready, driver_picked_up) / 60e6 as handover,
    date_diff('microsecond', driver_picked_up, delivered) / 60e6 as drive
  from borders where order_created is not null and delivered is not null
)
select order_id, location, measured.delivered_ts,
  if(kitchen >= 0, kitchen, null) as kitchen_minutes, if(handover >= 0, handover, null) as handover_minutes,
  if(drive >= 0, drive, null) as drive_minutes
from measured join silver_orders using (order_id)`;

const gold = [
  `create table gold_order_header as
   select order_id, min(gk_id) as gk_id, min(location) as location, min(location_id) as location_id,
     min(order_day) as order_day, sum(extended_price) as order_revenue, sum(qty) as total_qty,
     count(*) as total_items,
     coalesce(list_sort(list_distinct(list(brand_id))), []) as brands_in_order
   from silver_order_items group by order_id`,
  `create table gold_item_sales_day as
   select item_id, menu_id, category_id, brand_id, order_day as day, sum(qty) as units_sold,
     sum(extended_price) as gross_revenue
   from silver_order_items group by all`,
  `create table gold_brand_sales_day as
   with baskets as (
     select order_id, brand_id, order_day, sum(qty) as qty, sum(extended_price) as revenue
     from silver_order_items group by all
   )
   select brand_id, order_day as day, count(*) as orders, sum(qty) as items_sold, sum(revenue) as brand_revenue
   from baskets group by all`,
  `create table gold_location_sales_hourly as
   select location, time_bucket(interval 1 hour, order_ts) as hour_ts, count(*) filter (line_no = 1) as orders,
     sum(extended_price) as revenue
   from silver_order_items group by all`,
  `create table gold_delivery_times_hourly as
   with hours as (
     select location, time_bucket(interval 1 hour, delivered_ts) as hour_ts, count(*) as deliveries,
       quantile_cont(delivery_minutes, [0.5, 0.75, 0.99]) as q
     from silver_deliveries group by all
   )
   select location, hour_ts, deliveries, q[1] as p50, q[2] as p75, q[3] as p99 from hours`,
  `create table gold_delivery_histogram_hourly as
   select location, time_bucket(interval 1 hour, delivered_ts) as hour_ts,
     cast(floor(delivery_minutes) as bigint) as minute, count(*) as deliveries
   from silver_deliveries group by all`,
  `create table gold_delivery_phases_hourly as
   select location, time_bucket(interval 1 hour, delivered_ts) as hour_ts, count(*) as deliveries,
     count(kitchen_minutes) as kitchen_deliveries, median(kitchen_minutes) as kitchen_p50,
     count(handover_minutes) as handover_deliveries, median(handover_minutes) as handover_p50,
     count(drive_minutes) as drive_deliveries, median(drive_minutes) as drive_p50
   from silver_delivery_phases group by all`,
];

/**
 * The statements that compute bronze, silver and gold from files alone, in DuckDB's SQL and by other ways than the
 * pipeline's. They hold where equal event_ids are equal events and an order is created and delivered once.
 */
export function oracleStatements(source: RawSource): string[] {
  return [raw(source), places(source), bronze, orders, items, deliveries, phases, ...gold];
}
