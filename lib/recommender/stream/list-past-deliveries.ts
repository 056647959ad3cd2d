import type { Connection } from '#db/client.ts';
import { type OrderRow, orderColumns, orderLines, toOrder } from '../order-facts.ts';
import type { DeliveredOrder } from '../policy/score-order.ts';
import type { CheckpointName, Position } from './checkpoint.ts';

/** The share of history that is scored, in percent; which orders is decided by a hash of their ids alone. */
export const SAMPLE_PERCENT = 10;

/** A stretch of deliveries: the last one read, how many were read, and those of them that are this walk's to score. */
export type PastDeliveries = { last: Position | undefined; read: number; chosen: DeliveredOrder[] };

type Row = OrderRow & { is_chosen: boolean };

/**
 * The deliveries past a position, at most `limit`, in the order of (batch, order). The stream chooses all that is
 * new and a sample of history; the backfill chooses the rest of history, as far as the stream has come.
 */
export async function listPastDeliveries(
  connection: Pick<Connection, 'query'>,
  name: CheckpointName,
  after: Position,
  limit: number,
): Promise<PastDeliveries> {
  const { rows } = await connection.query<Row>(
    `
    -- one row per delivery of the stretch; those chosen with the facts of their orders
    with stretch as materialized (
      select
        delivery.*,
        (
          delivery.delivered_ts > stream.history_until
          or ('x' || substr(md5(delivery.order_id), 1, 8))::bit(32)::bigint % 100 < ${SAMPLE_PERCENT}
        ) = ($4 = 'policy') as is_chosen
      from lakeflow.silver_deliveries as delivery
      cross join recommender.stream
      left join recommender.checkpoints as ahead on ahead.name = 'policy'
      where (delivery.batch_id, delivery.order_id) > ($1, $2)
        and ($4 = 'policy' or (delivery.batch_id, delivery.order_id) <= (ahead.batch_id, ahead.order_id))
      order by delivery.batch_id, delivery.order_id
      limit $3
    )
    select ${orderColumns}, delivery.is_chosen
    from stretch as delivery
    left join lateral (${orderLines}) as lines on delivery.is_chosen
    order by delivery.batch_id, delivery.order_id`,
    [after.batchId, after.orderId, limit, name],
  );
  const last = rows.at(-1);
  return {
    last: last && { batchId: last.batch_id, orderId: last.order_id },
    read: rows.length,
    chosen: rows.filter((row) => row.is_chosen).map(toOrder),
  };
}
