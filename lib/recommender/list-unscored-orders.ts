import type { Connection } from '#db/client.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { Position } from './checkpoint.ts';
import type { DeliveredOrder } from './score-order.ts';

type Row = {
  order_id: string;
  batch_id: string;
  location: string | null;
  created_ts: string;
  delivered_ts: string;
  delivered_at: number;
  delivery_minutes: number;
  total: string;
};

/** The delivered orders past a position, at most `limit`, in the order of (batch, order). */
export async function listUnscoredOrders(
  connection: Connection,
  after: Position,
  limit: number,
): Promise<DeliveredOrder[]> {
  const { rows } = await connection.query<Row>(
    `
    -- one row per delivered order, with the total of its lines
    with unscored as materialized (
      select order_id, batch_id, location, created_ts, delivered_ts, delivery_minutes
      from lakeflow.silver_deliveries
      where (batch_id, order_id) > ($1, $2)
      order by batch_id, order_id
      limit $3
    )
    select
      unscored.order_id, batch_id, location, created_ts::text, delivered_ts::text, delivery_minutes,
      (extract(epoch from delivered_ts) * 1000000)::double precision as delivered_at,
      coalesce(lines.total, 0) as total
    from unscored
    left join lateral (
      select sum(extended_price) as total
      from lakeflow.silver_order_items as line
      where line.order_id = unscored.order_id
    ) as lines on true
    order by batch_id, unscored.order_id`,
    [after.batchId, after.orderId, limit],
  );
  return rows.map((row) => ({
    orderId: row.order_id,
    batchId: row.batch_id,
    location: row.location,
    createdTs: row.created_ts,
    deliveredTs: row.delivered_ts,
    deliveredAt: row.delivered_at,
    minutes: row.delivery_minutes,
    totalCents: centsFromNumeric(row.total),
  }));
}
