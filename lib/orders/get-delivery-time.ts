import type { Database } from '#db/client.ts';

/** When an order was created and delivered, ISO 8601 in UTC, and the minutes between. */
export type DeliveryTime = {
  orderId: string;
  location: string | null;
  createdTs: string;
  deliveredTs: string;
  minutes: number;
};

type Row = { location: string | null; created_ts: Date; delivered_ts: Date; delivery_minutes: number };

/** How long an order took from created to delivered, or undefined while one of the two is not known. */
export async function getDeliveryTime(db: Database, orderId: string): Promise<DeliveryTime | undefined> {
  const { rows } = await db.pool.query<Row>(
    `
    -- at most one row: the order's delivery
    select location, created_ts, delivered_ts, delivery_minutes from ai.get_order_delivery_time($1)`,
    [orderId],
  );
  const [row] = rows;
  return (
    row && {
      orderId,
      location: row.location,
      createdTs: row.created_ts.toISOString(),
      deliveredTs: row.delivered_ts.toISOString(),
      minutes: row.delivery_minutes,
    }
  );
}
