import type { Connection } from '#db/client.ts';
import { type OrderRow, orderColumns, orderLines, toOrder } from './order-facts.ts';
import type { DeliveredOrder } from './policy/score-order.ts';

/** The facts of those of the orders that are delivered. */
export async function getDeliveries(
  connection: Pick<Connection, 'query'>,
  orderIds: string[],
): Promise<DeliveredOrder[]> {
  const { rows } = await connection.query<OrderRow>(
    `
    -- one row per delivered order
    select ${orderColumns}
    from lakeflow.silver_deliveries as delivery
    left join lateral (${orderLines}) as lines on true
    where delivery.order_id = any ($1)`,
    [orderIds],
  );
  return rows.map(toOrder);
}
