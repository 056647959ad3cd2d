import type { Connection } from '#db/client.ts';
import { type OrderRow, toOrder } from './order-facts.ts';
import type { DeliveredOrder } from './policy/score-order.ts';
import { undeliveredColumns, undeliveredLines } from './undelivered-facts.ts';

/** The facts of those of the orders whose time was over, by event time, before they were delivered. */
export async function getUndelivered(
  connection: Pick<Connection, 'query'>,
  orderIds: string[],
  afterMinutes: number,
): Promise<DeliveredOrder[]> {
  const { rows } = await connection.query<OrderRow>(
    `
    -- one row per order that was never delivered
    select ${undeliveredColumns}
    from lakeflow.silver_orders as placed
    join lakeflow.checkpoints as pipeline on pipeline.name = 'pipeline'
    cross join (select $2::double precision as minutes) as given_up
    left join lateral (${undeliveredLines}) as lines on true
    where placed.order_id = any ($1)
      and placed.delivered_ts is null
      and placed.created_ts + given_up.minutes * interval '1 minute' <= pipeline.watermark`,
    [orderIds, afterMinutes],
  );
  return rows.map(toOrder);
}
