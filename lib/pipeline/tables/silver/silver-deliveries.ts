import type { Dataset } from '../dataset/dataset.ts';
import { countFirsts } from './silver-orders.ts';

/** The deliveries that a batch added: whose hours the delivery times are computed anew for. */
export const addedDeliveriesTable = `
create temporary table if not exists added_deliveries (like lakeflow.silver_deliveries)
on commit delete rows`;

const sql = `
-- grain: one row per order that was created and delivered, in the batch in which the later of the two came
with added as (
  insert into lakeflow.silver_deliveries (
    order_id, gk_id, location, location_id, created_ts, delivered_ts, delivery_minutes, batch_id)
  select
    order_id, gk_id, location, location_id, created_ts, delivered_ts,
    extract(epoch from delivered_ts - created_ts)::double precision / 60, $1
  from pg_temp.changed_orders
  where created_ts is not null and delivered_ts is not null and (newly_created or newly_delivered)
  returning *
)
insert into pg_temp.added_deliveries
select * from added`;

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
  rows: `select ${columns.join(', ')} from (${body}) as body`,
  added: 'added_deliveries',
  expectations: [
    {
      name: 'one_delivered_per_order',
      action: 'warn',
      sql: countFirsts('deliveries', 'newly_delivered'),
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
  refresh: async (connection, { batchId }) => (await connection.query(sql, [batchId])).rowCount ?? 0,
};
