/**
 * The orders of a batch that came late: windowed tables leave them out as they grow. What they leave out in all, a
 * rebuild finds in lakeflow.late_orders.
 */
export const lateOrdersTable = `
create temporary table if not exists late_orders (order_id text) on commit delete rows`;

/** The rows that a batch added to a table, without those of late orders. */
export function timelyAdded(table: string): string {
  return `select * from pg_temp.${table} where order_id not in (select order_id from pg_temp.late_orders)`;
}

/** All rows of a table with orders, without those that the windowed table `dataset` leaves out. */
export function timelyOf(table: string, dataset: string): string {
  return `select * from ${table} as whole where not exists (
    select from lakeflow.late_orders as late
    where late.dataset = '${dataset}' and late.order_id = whole.order_id)`;
}
