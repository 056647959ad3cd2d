/**
 * The late orders of a batch, which windowed tables leave out as they grow. All orders that a table has left out are in
 * the view lakeflow.late_orders, which a rebuild reads.
 */
export const lateOrdersTable = `
create temporary table if not exists late_orders (order_id text) on commit delete rows`;

/** The rows that a batch added to a table, without those of late orders. */
export function timelyAdded(table: string): string {
  return `select * from pg_temp.${table} where order_id not in (select order_id from pg_temp.late_orders)`;
}

/** All rows of a table, without those of orders that the windowed table `dataset` leaves out. */
export function timelyOf(table: string, dataset: string): string {
  return `select * from ${table} as whole where not exists (
    select from lakeflow.late_orders as late
    where late.dataset = '${dataset}' and late.order_id = whole.order_id)`;
}
