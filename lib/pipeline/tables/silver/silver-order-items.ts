import { type Dataset, refreshWith } from '../dataset/dataset.ts';
import { orderItemRules } from './order-item-rules.ts';

/** The item lines that a batch added: what gold grows by. */
export const addedOrderItemsTable = `
create temporary table if not exists added_order_items (like lakeflow.silver_order_items)
on commit delete rows`;

const sql = `
-- grain: one row per item line of an order; its lines come from one event, the first order_created that came
with again as (
  delete from pg_temp.added_order_items
  where order_id not in (select order_id from pg_temp.changed_orders where newly_created)
  returning order_id
)
insert into lakeflow.silver_order_items
select *
from pg_temp.added_order_items
where order_id not in (select order_id from again)`;

const columns = [
  ...[
    'order_id',
    'gk_id',
    'location',
    'location_id',
    'order_ts',
    'order_day',
    'line_no',
    'item_id',
    'menu_id',
  ],
  ...['category_id', 'brand_id', 'item_name', 'price', 'qty', 'extended_price', 'batch_id'],
];

const body = `
  with created as (
    -- an order's lines come from one event: the first order_created that came
    select distinct on (order_id) *
    from all_events
    where event_type = 'order_created'
    order by order_id, batch_id, ts, event_id collate "C"
  )
  select
    created.order_id, created.gk_id, created.location, created.location_id, created.ts as order_ts,
    (created.ts at time zone 'UTC')::date as order_day, line.line_no,
    line.id::integer as item_id, line.menu_id::integer as menu_id, line.category_id::integer as category_id,
    line.brand_id::integer as brand_id, line.name as item_name, line.price, line.qty::integer as qty,
    line.price * line.qty as extended_price, created.batch_id
  from created
  cross join lateral rows from (
    json_to_recordset(created.body -> 'items') as (
      id numeric, menu_id numeric, category_id numeric, brand_id numeric, name text,
      price numeric(12, 2), qty numeric)
  ) with ordinality as line (id, menu_id, category_id, brand_id, name, price, qty, line_no)`;

export const silverOrderItems: Dataset = {
  name: 'silver_order_items',
  layer: 'silver',
  grain: 'one row per item line of an order',
  key: ['order_id', 'line_no'],
  columns,
  inputs: ['all_events'],
  partitionedBy: 'order_day',
  window: null,
  body,
  rows: `select ${columns.join(', ')} from (${body}) as body`,
  added: 'added_order_items',
  expectations: orderItemRules,
  refresh: refreshWith(sql),
};
