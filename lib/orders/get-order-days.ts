import type { Connection, Database } from '#db/client.ts';

/** The UTC days of an order's events: `firstDay` to `lastDay`, and the instants from which and before which they lie. */
export type OrderDays = { firstDay: string; lastDay: string; from: string; before: string };

const unbounded: OrderDays = {
  firstDay: '-infinity',
  lastDay: 'infinity',
  from: '-infinity',
  before: 'infinity',
};

/**
 * Between which days the events of an order lie, and so the partitions that hold them: a query that says so reads
 * those and no others. Unbounded where nothing is known of the order.
 */
export async function getOrderDays(db: Connection | Database['pool'], orderId: string): Promise<OrderDays> {
  const { rows } = await db.query<OrderDays>(
    `
    -- one row at most
    select
      first_day::text as "firstDay", last_day::text as "lastDay",
      first_day || ' 00:00+00' as from, (last_day + 1) || ' 00:00+00' as before
    from lakeflow.silver_orders
    where order_id = $1`,
    [orderId],
  );
  return rows[0] ?? unbounded;
}
