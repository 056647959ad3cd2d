import type { Dataset } from '../dataset/dataset.ts';
import { countFirsts, isRestating } from './silver-orders.ts';

/** The deliveries that a batch added; the delivery times of their hours are computed again. */
export const addedDeliveriesTable = `
create temporary table if not exists added_deliveries (like lakeflow.silver_deliveries)
on commit delete rows`;

/** The deliveries that a batch replaces. */
export const removedDeliveriesTable = `
create temporary table if not exists removed_deliveries (like lakeflow.silver_deliveries)
on commit delete rows`;

const remove = `
with removed as (
  delete from lakeflow.silver_deliveries
  where order_id in (select order_id from pg_temp.restated_orders)
  returning *
)
insert into pg_temp.removed_deliveries select * from removed`;

const columns = [
  ...['order_id', 'gk_id', 'location', 'location_id', 'created_ts', 'delivered_ts', 'delivery_minutes'],
  'batch_id',
];

const body = `
  select
    order_id, gk_id, location, location_id, created_ts, delivered_ts,
    extract(epoch from delivered_ts - created_ts)::double precision / 60 as delivery_minutes,
    greatest(created_batch, delivered_batch) as batch_id
  from silver_orders
  where created_ts is not null and delivered_ts is not null`;

const storedBody = `select ${columns.join(', ')} from (${body}) as body`;

/** The body over the orders of which the batch brought the creation or the delivery. */
const refresh = `
with silver_orders as (
  select * from pg_temp.changed_orders where newly_created or newly_delivered
),
added as (
  insert into lakeflow.silver_deliveries (${columns.join(', ')})
  ${storedBody}
  returning *
)
insert into pg_temp.added_deliveries
select * from added`;

export const silverDeliveries: Dataset = {
  name: 'silver_deliveries',
  layer: 'silver',
  grain: 'one row per order that was created and delivered, with the batch of the later of the two',
  key: ['order_id'],
  columns,
  inputs: ['silver_orders'],
  partitionedBy: null,
  window: null,
  body,
  storedBody,
  added: 'added_deliveries',
  removed: 'removed_deliveries',
  expectations: [
    { name: 'one_delivered_per_order', action: 'warn', sql: countFirsts('delivered') },
    {
      name: 'delivered_after_created',
      action: 'warn',
      sql: `
        select count(*) filter (where delivery_minutes >= 0) as passed,
          count(*) filter (where delivery_minutes < 0) as failed
        from pg_temp.added_deliveries`,
    },
  ],
  refresh: async (connection) => {
    if (await isRestating(connection)) await connection.query(remove);
    return (await connection.query(refresh)).rowCount ?? 0;
  },
};
