import type { Dataset, Expectation } from '../dataset/dataset.ts';
import { countFirsts, isRestating } from './silver-orders.ts';

/**
 * The order lines that a batch added, by which gold grows. Before the refresh it holds the lines that the parser made
 * from the creations of the batch (parse/order-rows.ts), which spares the database a second reading of their JSON.
 */
export const addedOrderItemsTable = `
create temporary table if not exists added_order_items (like lakeflow.silver_order_items)
on commit delete rows`;

/** The order lines that a batch removed: those of a creation that an earlier one replaces. */
export const removedOrderItemsTable = `
create temporary table if not exists removed_order_items (like lakeflow.silver_order_items)
on commit delete rows`;

const remove = `
with removed as (
  delete from lakeflow.silver_order_items as line
  using pg_temp.restated_orders as restated
  where line.order_id = restated.order_id
    and line.order_day = (restated.created_ts at time zone 'UTC')::date
  returning line.*
)
insert into pg_temp.removed_order_items select * from removed`;

const refresh = `
-- grain: one row per order line; its lines come from one event, the earliest order_created
with duplicate_orders as (
  delete from pg_temp.added_order_items
  where order_id not in (select order_id from pg_temp.changed_orders where newly_created)
  returning order_id
)
insert into lakeflow.silver_order_items
select *
from pg_temp.added_order_items
where order_id not in (select order_id from duplicate_orders)`;

const columns = [
  ...['order_id', 'gk_id', 'location', 'location_id', 'order_ts', 'order_day', 'line_no', 'item_id'],
  ...['menu_id', 'category_id', 'brand_id', 'item_name', 'price', 'qty', 'extended_price', 'batch_id'],
];

const body = `
  with created as (
    -- an order's lines come from one event: the earliest order_created
    select distinct on (order_id) *
    from all_events
    where event_type = 'order_created'
    order by order_id, ts, event_id collate "C"
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

/** Every order that a batch creates has order lines: a created order in bronze is in silver too, or the batch fails. */
const createdHaveLines: Expectation = {
  name: 'created_orders_have_lines',
  action: 'fail',
  sql: `
    select lines.orders as passed, created.orders - lines.orders as failed
    from (select count(*) as orders from pg_temp.added_order_items where line_no = 1) as lines,
      (select count(*) as orders from pg_temp.changed_orders where newly_created) as created`,
};

/** A brand that no dimension table names is accepted and counted; without dimensions there is nothing to compare with. */
const knownBrand: Expectation = {
  name: 'known_brand',
  action: 'warn',
  sql: `
    select
      coalesce(sum(lines) filter (where known), 0) as passed,
      coalesce(sum(lines) filter (where not known), 0) as failed
    from (
      select
        lines,
        brand_id is null
          or not exists (select from simulator.brands)
          or exists (select from simulator.brands as brand where brand.brand_id = item.brand_id) as known
      from (
        select brand_id, count(*) as lines from pg_temp.added_order_items group by brand_id
      ) as item
    ) as judged`,
};

/** A price that differs from the menu's is accepted and counted: the event says what was paid. */
const cataloguePrice: Expectation = {
  name: 'catalogue_price',
  action: 'warn',
  sql: `
    select
      coalesce(sum(lines) filter (where same), 0) as passed,
      coalesce(sum(lines) filter (where not same), 0) as failed
    from (
      select
        lines,
        not exists (
          select from simulator.items as menu where menu.id = item.item_id and menu.price <> item.price
        ) as same
      from (
        select item_id, price, count(*) as lines from pg_temp.added_order_items group by item_id, price
      ) as item
    ) as judged`,
};

export const silverOrderItems: Dataset = {
  name: 'silver_order_items',
  layer: 'silver',
  grain: 'one row per order line',
  key: ['order_id', 'line_no'],
  columns,
  inputs: ['all_events'],
  partitionedBy: 'order_day',
  window: null,
  body,
  storedBody: `select ${columns.join(', ')} from (${body}) as body`,
  added: 'added_order_items',
  removed: 'removed_order_items',
  expectations: [
    createdHaveLines,
    { name: 'one_created_per_order', action: 'warn', sql: countFirsts('created') },
    knownBrand,
    cataloguePrice,
  ],
  refresh: async (connection) => {
    if (await isRestating(connection)) await connection.query(remove);
    return (await connection.query(refresh)).rowCount ?? 0;
  },
};
