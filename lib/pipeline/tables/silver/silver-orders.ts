import type { Dataset } from '../dataset/dataset.ts';

/** What a batch says about its orders: their days, how often each was created and delivered, and the first of either. */
export const batchOrdersTable = `
create temporary table if not exists batch_orders (
  order_id text, first_day date, last_day date, creations integer, deliveries integer,
  gk_id text, location text, location_id integer,
  created_ts timestamptz, created_event_id text, delivered_ts timestamptz, delivered_event_id text
) on commit delete rows`;

/** The orders that a batch changed, and whether it brought their first creation or their first delivery. */
export const changedOrdersTable = `
create temporary table if not exists changed_orders (
  like lakeflow.silver_orders, newly_created boolean, newly_delivered boolean
) on commit delete rows`;

const columns = [
  ...['order_id', 'first_day', 'last_day', 'gk_id', 'location', 'location_id'],
  ...['created_ts', 'created_event_id', 'created_batch'],
  ...['delivered_ts', 'delivered_event_id', 'delivered_batch'],
];

const refresh = `
-- grain: one row per order; of several creations or deliveries, that of the first batch stays
with changed as (
  insert into lakeflow.silver_orders as known (
    order_id, first_day, last_day, gk_id, location, location_id,
    created_ts, created_event_id, created_batch, delivered_ts, delivered_event_id, delivered_batch)
  select
    order_id, first_day, last_day, gk_id, location, location_id,
    created_ts, created_event_id, case when created_ts is not null then $1::bigint end,
    delivered_ts, delivered_event_id, case when delivered_ts is not null then $1::bigint end
  from pg_temp.batch_orders
  on conflict (order_id) do update set
    first_day = least(known.first_day, excluded.first_day),
    last_day = greatest(known.last_day, excluded.last_day),
    gk_id = case when known.created_ts is null then excluded.gk_id else known.gk_id end,
    location = case when known.created_ts is null then excluded.location else known.location end,
    location_id = case when known.created_ts is null then excluded.location_id else known.location_id end,
    created_ts = coalesce(known.created_ts, excluded.created_ts),
    created_event_id = coalesce(known.created_event_id, excluded.created_event_id),
    created_batch = coalesce(known.created_batch, excluded.created_batch),
    delivered_ts = coalesce(known.delivered_ts, excluded.delivered_ts),
    delivered_event_id = coalesce(known.delivered_event_id, excluded.delivered_event_id),
    delivered_batch = coalesce(known.delivered_batch, excluded.delivered_batch)
  where excluded.first_day < known.first_day
    or excluded.last_day > known.last_day
    or (known.created_ts is null and excluded.created_ts is not null)
    or (known.delivered_ts is null and excluded.delivered_ts is not null)
  returning *
)
insert into pg_temp.changed_orders (${columns.join(', ')}, newly_created, newly_delivered)
select
  ${columns.join(', ')},
  created_batch is not distinct from $1, delivered_batch is not distinct from $1
from changed`;

const body = `
  with days as (
    select
      order_id,
      min((ts at time zone 'UTC')::date) as first_day,
      max((ts at time zone 'UTC')::date) as last_day
    from all_events
    group by order_id
  ),
  created as (
    select distinct on (order_id) order_id, gk_id, location, location_id, ts, event_id, batch_id
    from all_events
    where event_type = 'order_created'
    order by order_id, batch_id, ts, event_id collate "C"
  ),
  delivered as (
    select distinct on (order_id) order_id, ts, event_id, batch_id
    from all_events
    where event_type = 'delivered'
    order by order_id, batch_id, ts, event_id collate "C"
  )
  select
    order_id, days.first_day, days.last_day, created.gk_id, created.location, created.location_id,
    created.ts as created_ts, created.event_id as created_event_id, created.batch_id as created_batch,
    delivered.ts as delivered_ts, delivered.event_id as delivered_event_id, delivered.batch_id as delivered_batch
  from days
  left join created using (order_id)
  left join delivered using (order_id)`;

/** Counts how many creations (or deliveries) of a batch were the first of their order, and how many were not. */
export const countFirsts = (
  reported: 'creations' | 'deliveries',
  firstSeen: 'newly_created' | 'newly_delivered',
) => `
  select first_seen.n as passed, reported.n - first_seen.n as failed
  from (select coalesce(sum(${reported}), 0) as n from pg_temp.batch_orders) as reported,
    (select count(*) filter (where ${firstSeen}) as n from pg_temp.changed_orders) as first_seen`;

export const silverOrders: Dataset = {
  name: 'silver_orders',
  layer: 'silver',
  grain: 'one row per order of which any event came, with its first creation and its first delivery',
  key: ['order_id'],
  columns,
  inputs: ['all_events'],
  partitionedBy: null,
  window: null,
  body,
  storedBody: `select ${columns.join(', ')} from (${body}) as body`,
  added: null,
  expectations: [],
  refresh: async (connection, { batchId }) => (await connection.query(refresh, [batchId])).rowCount ?? 0,
};
