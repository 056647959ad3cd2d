import type { Connection } from '#db/client.ts';
import type { Dataset } from '../dataset/dataset.ts';

/**
 * What a batch says about its orders: their days, how often each was created and delivered, the first of either, and the
 * first times at which the order was ready and picked up.
 */
export const batchOrdersTable = `
create temporary table if not exists batch_orders (
  order_id text, first_day date, last_day date, creations integer, deliveries integer,
  gk_id text, location text, location_id integer,
  created_ts timestamptz, created_event_id text, delivered_ts timestamptz, delivered_event_id text,
  ready_ts timestamptz, picked_up_ts timestamptz
) on commit delete rows`;

/**
 * The orders that a batch changed, and whether it brought the creation or the delivery that counts now. The key is for
 * joins within the batch: the writer's session reads through indexes only, and would compare all with all without one.
 */
export const changedOrdersTable = `
create temporary table if not exists changed_orders (
  like lakeflow.silver_orders, newly_created boolean, newly_delivered boolean, primary key (order_id)
) on commit delete rows`;

const columns = [
  ...['order_id', 'first_day', 'last_day', 'gk_id', 'location', 'location_id'],
  ...['created_ts', 'created_event_id', 'created_batch'],
  ...['delivered_ts', 'delivered_event_id', 'delivered_batch', 'ready_ts', 'picked_up_ts'],
];

/**
 * The orders of which a batch brings an earlier creation or delivery than the one that counted so far, with the times of
 * those. Their lines and their delivery are replaced; `created_ts` is null where the creation stays.
 */
export const restatedOrdersTable = `
create temporary table if not exists restated_orders (
  order_id text, created_ts timestamptz, delivered_ts timestamptz
) on commit delete rows`;

/** SQL over an order as one side knows it and as another brings it: whether what is brought comes first. */
const isEarlier = (brought: string, known: string, event: 'created' | 'delivered') => `
  coalesce(
    (${brought}.${event}_ts, ${brought}.${event}_event_id collate "C")
      < (${known}.${event}_ts, ${known}.${event}_event_id collate "C"),
    false)`;

/** The same, or nothing was known. */
const isFirst = (event: 'created' | 'delivered') => `
  (known.${event}_ts is null and excluded.${event}_ts is not null or ${isEarlier('excluded', 'known', event)})`;

const findRestated = `
insert into pg_temp.restated_orders
select known.order_id,
  case when is_created_earlier then known.created_ts end,
  case when is_delivered_earlier then known.delivered_ts end
from pg_temp.batch_orders as brought
join lakeflow.silver_orders as known using (order_id)
cross join lateral (
  select ${isEarlier('brought', 'known', 'created')} as is_created_earlier,
    ${isEarlier('brought', 'known', 'delivered')} as is_delivered_earlier
) as compared
where is_created_earlier or is_delivered_earlier`;

const ofCreation = ['gk_id', 'location', 'location_id', 'created_ts', 'created_event_id', 'created_batch'];
const ofDelivery = ['delivered_ts', 'delivered_event_id', 'delivered_batch'];
const setWhere = (condition: string, names: readonly string[]) =>
  names.map((name) => `${name} = case when ${condition} then excluded.${name} else known.${name} end`);

/** SQL: whether a batch brings an earlier time of a border between phases, or the first. */
const comesFirst = (border: string) =>
  `least(known.${border}, excluded.${border}) is distinct from known.${border}`;

const refresh = `
-- grain: one row per order; of several creations or deliveries, the one with the smallest (ts, event_id) counts
with changed as (
  insert into lakeflow.silver_orders as known (${columns.join(', ')})
  select
    order_id, first_day, last_day, gk_id, location, location_id,
    created_ts, created_event_id, case when created_ts is not null then $1::bigint end,
    delivered_ts, delivered_event_id, case when delivered_ts is not null then $1::bigint end,
    ready_ts, picked_up_ts
  from pg_temp.batch_orders
  on conflict (order_id) do update set
    first_day = least(known.first_day, excluded.first_day),
    last_day = greatest(known.last_day, excluded.last_day),
    ${[...setWhere(isFirst('created'), ofCreation), ...setWhere(isFirst('delivered'), ofDelivery)].join(',\n    ')},
    ready_ts = least(known.ready_ts, excluded.ready_ts),
    picked_up_ts = least(known.picked_up_ts, excluded.picked_up_ts)
  where excluded.first_day < known.first_day
    or excluded.last_day > known.last_day
    or ${isFirst('created')}
    or ${isFirst('delivered')}
    or ${comesFirst('ready_ts')}
    or ${comesFirst('picked_up_ts')}
  returning ${columns.join(', ')}
)
insert into pg_temp.changed_orders (${columns.join(', ')}, newly_created, newly_delivered)
select
  ${columns.join(', ')},
  created_batch is not distinct from $1, delivered_batch is not distinct from $1
from changed`;

/** Whether the batch replaces the creation or the delivery of any order, which is rare. */
export async function isRestating(connection: Connection): Promise<boolean> {
  const { rowCount } = await connection.query('select from pg_temp.restated_orders limit 1');
  return rowCount === 1;
}

const body = `
  with days as (
    select
      order_id,
      min((ts at time zone 'UTC')::date) as first_day,
      max((ts at time zone 'UTC')::date) as last_day,
      min(ts) filter (where event_type = 'gk_ready') as ready_ts,
      min(ts) filter (where event_type = 'driver_picked_up') as picked_up_ts
    from all_events
    group by order_id
  ),
  created as (
    select distinct on (order_id) order_id, gk_id, location, location_id, ts, event_id, batch_id
    from all_events
    where event_type = 'order_created'
    order by order_id, ts, event_id collate "C"
  ),
  delivered as (
    select distinct on (order_id) order_id, ts, event_id, batch_id
    from all_events
    where event_type = 'delivered'
    order by order_id, ts, event_id collate "C"
  )
  select
    order_id, days.first_day, days.last_day, created.gk_id, created.location, created.location_id,
    created.ts as created_ts, created.event_id as created_event_id, created.batch_id as created_batch,
    delivered.ts as delivered_ts, delivered.event_id as delivered_event_id, delivered.batch_id as delivered_batch,
    days.ready_ts, days.picked_up_ts
  from days
  left join created using (order_id)
  left join delivered using (order_id)`;

/**
 * Counts the creations (or deliveries) of a batch: the first of an order passes, any other fails, whichever of them
 * counts in the end. So the cut into batches makes no difference.
 */
export const countFirsts = (event: 'created' | 'delivered') => `
  select first_seen.n as passed, reported.n - first_seen.n as failed
  from (
    select coalesce(sum(${event === 'created' ? 'creations' : 'deliveries'}), 0) as n from pg_temp.batch_orders
  ) as reported, (
    select count(*) as n from pg_temp.changed_orders as changed
    where newly_${event} and not exists (
      select from pg_temp.restated_orders as restated
      where restated.order_id = changed.order_id and restated.${event}_ts is not null)
  ) as first_seen`;

export const silverOrders: Dataset = {
  name: 'silver_orders',
  layer: 'silver',
  grain:
    'one row per order of which any event came, with its earliest creation and its earliest delivery, and when it was first ready and picked up',
  key: ['order_id'],
  columns,
  inputs: ['all_events'],
  partitionedBy: null,
  window: null,
  body,
  storedBody: `select ${columns.join(', ')} from (${body}) as body`,
  added: null,
  removed: null,
  expectations: [],
  refresh: async (connection, { batchId }) => {
    await connection.query(findRestated);
    return (await connection.query(refresh, [batchId])).rowCount ?? 0;
  },
};
