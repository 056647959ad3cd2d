/**
 * Silver and gold as plain SQL over the whole of bronze, written apart from the pipeline's own: what the
 * incremental tables must equal, row for row.
 */
const created = `
  select distinct on (order_id) *
  from lakeflow.all_events where event_type = 'order_created'
  order by order_id, batch_id, ts, event_id`;

const items = `
  select
    e.order_id, e.gk_id, e.location, e.location_id, e.ts as order_ts, (e.ts at time zone 'UTC')::date as order_day,
    i.n as line_no, (i.item ->> 'id')::integer as item_id, (i.item ->> 'menu_id')::integer as menu_id,
    (i.item ->> 'category_id')::integer as category_id, (i.item ->> 'brand_id')::integer as brand_id,
    i.item ->> 'name' as item_name, (i.item ->> 'price')::numeric(12, 2) as price,
    (i.item ->> 'qty')::integer as qty,
    ((i.item ->> 'price')::numeric * (i.item ->> 'qty')::numeric)::numeric(16, 2) as extended_price
  from (${created}) as e
  cross join lateral json_array_elements(e.body -> 'items') with ordinality as i (item, n)`;

const deliveries = `
  select
    c.order_id, c.gk_id, c.location, c.location_id, c.ts as created_ts, d.ts as delivered_ts,
    extract(epoch from d.ts - c.ts)::double precision / 60 as delivery_minutes
  from (${created}) as c
  join (
    select distinct on (order_id) order_id, ts
    from lakeflow.all_events where event_type = 'delivered'
    order by order_id, batch_id, ts, event_id
  ) as d using (order_id)`;

type Pair = { table: string; incremental: string; recomputed: string };

const pair = (table: string, columns: string, recomputed: string): Pair => ({
  table,
  incremental: `select ${columns} from lakeflow.${table}`,
  recomputed: `select ${columns} from (${recomputed}) as r`,
});

/** For every table of silver and gold the query that reads it and the one that computes it from bronze. */
export const recomputations: readonly Pair[] = [
  pair(
    'silver_order_items',
    `order_id, gk_id, location, location_id, order_ts, order_day, line_no, item_id, menu_id, category_id,
     brand_id, item_name, price, qty, extended_price`,
    items,
  ),
  pair(
    'silver_deliveries',
    'order_id, gk_id, location, location_id, created_ts, delivered_ts, delivery_minutes',
    deliveries,
  ),
  pair(
    'gold_order_header',
    `order_id, gk_id, location, location_id, order_day, order_revenue, total_qty, total_items, brands_in_order`,
    `select order_id, min(gk_id) as gk_id, min(location) as location, min(location_id) as location_id,
       min(order_day) as order_day, sum(extended_price) as order_revenue, sum(qty) as total_qty,
       count(*) as total_items,
       array(select distinct b from unnest(array_agg(brand_id)) as b where b is not null order by b) as brands_in_order
     from (${items}) as i group by order_id`,
  ),
  pair(
    'gold_item_sales_day',
    'item_id, menu_id, category_id, brand_id, day, units_sold, gross_revenue',
    `select item_id, menu_id, category_id, brand_id, order_day as day, sum(qty) as units_sold,
       sum(extended_price) as gross_revenue
     from (${items}) as i group by 1, 2, 3, 4, 5`,
  ),
  pair(
    'gold_brand_sales_day',
    'brand_id, day, orders, items_sold, brand_revenue',
    `select brand_id, order_day as day, count(distinct order_id) as orders, sum(qty) as items_sold,
       sum(extended_price) as brand_revenue
     from (${items}) as i group by 1, 2`,
  ),
  pair(
    'gold_location_sales_hourly',
    'location, hour_ts, orders, revenue',
    `select location, date_trunc('hour', order_ts, 'UTC') as hour_ts, count(distinct order_id) as orders,
       sum(extended_price) as revenue
     from (${items}) as i group by 1, 2`,
  ),
  pair(
    'gold_delivery_times_hourly',
    'location, hour_ts, deliveries, p50, p75, p99',
    `select location, date_trunc('hour', delivered_ts, 'UTC') as hour_ts, count(*) as deliveries,
       percentile_cont(0.5) within group (order by delivery_minutes) as p50,
       percentile_cont(0.75) within group (order by delivery_minutes) as p75,
       percentile_cont(0.99) within group (order by delivery_minutes) as p99
     from (${deliveries}) as d group by 1, 2`,
  ),
];
