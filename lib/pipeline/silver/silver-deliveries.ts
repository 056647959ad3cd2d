import { type Dataset, refreshWith } from '../dataset.ts';

/** The deliveries that a batch added: whose hours the delivery times are computed anew for. */
export const addedDeliveriesTable = `
create temporary table if not exists added_deliveries (like lakeflow.silver_deliveries)
on commit delete rows`;

const sql = `
-- grain: one row per order that was created and delivered, in the batch in which the later of the two came
with touched as (
  select distinct order_id, batch_id from pg_temp.added_events
),
delivered as (
  -- an order is delivered once: by the first delivered event that came
  select distinct on (event.order_id) event.order_id, event.ts as delivered_ts, touched.batch_id
  from touched
  join lakeflow.all_events as event on event.order_id = touched.order_id
  where event.event_type = 'delivered'
  order by event.order_id, event.batch_id, event.ts, event.event_id
),
added as (
  insert into lakeflow.silver_deliveries (
    order_id, gk_id, location, location_id, created_ts, delivered_ts, delivery_minutes, batch_id)
  select
    order_id, created.gk_id, created.location, created.location_id, created.order_ts, delivered.delivered_ts,
    extract(epoch from delivered.delivered_ts - created.order_ts)::double precision / 60, delivered.batch_id
  from delivered
  join lakeflow.silver_order_items as created using (order_id)
  where created.line_no = 1
  on conflict (order_id) do nothing
  returning *
)
insert into pg_temp.added_deliveries
select * from added`;

const columns = [
  ...['order_id', 'gk_id', 'location', 'location_id', 'created_ts', 'delivered_ts', 'delivery_minutes'],
  'batch_id',
];

const body = `
  with delivered as (
    -- an order is delivered once: by the first delivered event that came
    select distinct on (order_id) order_id, ts as delivered_ts, batch_id
    from all_events
    where event_type = 'delivered'
    order by order_id, batch_id, ts, event_id
  )
  select
    order_id, created.gk_id, created.location, created.location_id, created.order_ts as created_ts,
    delivered.delivered_ts,
    extract(epoch from delivered.delivered_ts - created.order_ts)::double precision / 60 as delivery_minutes,
    greatest(created.batch_id, delivered.batch_id) as batch_id
  from delivered
  join silver_order_items as created using (order_id)
  where created.line_no = 1`;

export const silverDeliveries: Dataset = {
  name: 'silver_deliveries',
  layer: 'silver',
  grain: 'one row per order that was created and delivered, with the batch of the later of the two',
  key: ['order_id'],
  columns,
  inputs: ['all_events', 'silver_order_items'],
  partitionedBy: null,
  window: null,
  body,
  rows: `select ${columns.join(', ')} from (${body}) as body`,
  added: 'added_deliveries',
  expectations: [
    {
      name: 'one_delivered_per_order',
      action: 'warn',
      sql: `
        select count(*) filter (where not repeated) as passed, count(*) filter (where repeated) as failed
        from (
          select exists (
            select from lakeflow.all_events as other
            where other.order_id = event.order_id and other.event_type = 'delivered'
              and (other.batch_id, other.ts, other.event_id) < (event.batch_id, event.ts, event.event_id)
          ) as repeated
          from pg_temp.added_events as event
          where event.event_type = 'delivered'
        ) as delivered`,
    },
    {
      name: 'delivered_after_created',
      action: 'warn',
      sql: `
        select count(*) filter (where delivery_minutes >= 0) as passed,
          count(*) filter (where delivery_minutes < 0) as failed
        from pg_temp.added_deliveries`,
    },
  ],
  refresh: refreshWith(sql),
};
