import type { Connection } from '#db/client.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';

/** What was paid for an order, in cents: the sum of its lines in silver; undefined where it has none. */
export async function getOrderTotal(connection: Connection, orderId: string): Promise<Cents | undefined> {
  const { rows } = await connection.query<{ total: string | null }>(
    `
    -- one row
    select sum(extended_price) as total from lakeflow.silver_order_items where order_id = $1`,
    [orderId],
  );
  const total = rows[0]?.total;
  return total == null ? undefined : centsFromNumeric(total);
}
