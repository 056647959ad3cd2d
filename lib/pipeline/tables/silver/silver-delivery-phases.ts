import type { Dataset } from '../dataset/dataset.ts';

/** The phases of deliveries that a batch added, or measured again. */
export const addedDeliveryPhasesTable = `
create temporary table if not exists added_delivery_phases (like lakeflow.silver_delivery_phases)
on commit delete rows`;

/** The phases of deliveries as they stood before a batch changed one of their times. */
export const removedDeliveryPhasesTable = `
create temporary table if not exists removed_delivery_phases (like lakeflow.silver_delivery_phases)
on commit delete rows`;

const columns = [
  ...['order_id', 'location', 'delivered_ts'],
  ...['kitchen_minutes', 'handover_minutes', 'drive_minutes'],
];

/** SQL: the minutes between two times, null where either is unknown or they contradict each other. */
const minutesBetween = (from: string, to: string) =>
  `case when ${to} >= ${from} then extract(epoch from ${to} - ${from})::double precision / 60 end`;

const body = `
  select
    order_id, location, delivered_ts,
    ${minutesBetween('created_ts', 'ready_ts')} as kitchen_minutes,
    ${minutesBetween('ready_ts', 'picked_up_ts')} as handover_minutes,
    ${minutesBetween('picked_up_ts', 'delivered_ts')} as drive_minutes
  from silver_orders
  where created_ts is not null and delivered_ts is not null`;

const storedBody = `select ${columns.join(', ')} from (${body}) as body`;

/** The deliveries whose order the batch changed in any of its times; the array keeps to the index of the order. */
const remove = `
with removed as (
  delete from lakeflow.silver_delivery_phases
  where order_id = any(array(select order_id from pg_temp.changed_orders where delivered_ts is not null))
  returning *
)
insert into pg_temp.removed_delivery_phases select * from removed`;

const refresh = `
with silver_orders as (
  select * from pg_temp.changed_orders
),
added as (
  insert into lakeflow.silver_delivery_phases (${columns.join(', ')})
  ${storedBody}
  returning *
)
insert into pg_temp.added_delivery_phases
select * from added`;

export const silverDeliveryPhases: Dataset = {
  name: 'silver_delivery_phases',
  layer: 'silver',
  grain: 'one row per order that was created and delivered, with the minutes of each phase that is known',
  key: ['order_id'],
  columns,
  inputs: ['silver_orders'],
  partitionedBy: null,
  window: null,
  body,
  storedBody,
  added: 'added_delivery_phases',
  removed: 'removed_delivery_phases',
  expectations: [],
  refresh: async (connection) => {
    await connection.query(remove);
    return (await connection.query(refresh)).rowCount ?? 0;
  },
};
