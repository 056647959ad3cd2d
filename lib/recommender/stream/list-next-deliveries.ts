import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { bigint, boolean, integer, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type DeliveredOrder, deliveryFacts, deliveryLines, orderFacts } from '../facts/order-facts.ts';
import { type Position, type StreamName, streamName } from './checkpoint.ts';

/** The share of history that the stream scores, in percent; a hash of the order's id alone decides which orders. */
export const SAMPLE_PERCENT = 10;

/** The next deliveries: where they end, how many were read, and those of them that are to be scored. */
export type DeliveryPage = { last: Position | undefined; read: number; chosen: DeliveredOrder[] };

const findNext = statement({
  params: { name: streamName, batchId: bigint, orderId: text, limit: integer },
  returns: { ...orderFacts, isChosen: boolean },
  sql: ({ name, batchId, orderId, limit }) => sql`
    -- one row per delivery of the page; those chosen with the facts of their orders
    with page as materialized (
      select
        delivery.*,
        (
          delivery.delivered_ts > stream.history_until
          or ('x' || substr(md5(delivery.order_id), 1, 8))::bit(32)::bigint % 100 < ${sql.raw(`${SAMPLE_PERCENT}`)}
        ) = (${name} = 'policy') as is_chosen
      from lakeflow.silver_deliveries as delivery
      cross join recommender.stream
      left join recommender.checkpoints as ahead on ahead.name = 'policy'
      where (delivery.batch_id, delivery.order_id) > (${batchId}, ${orderId})
        and (${name} = 'policy' or (delivery.batch_id, delivery.order_id) <= (ahead.batch_id, ahead.order_id))
      order by delivery.batch_id, delivery.order_id
      limit ${limit}
    )
    select ${deliveryFacts}, delivery.is_chosen
    from page as delivery
    left join lateral (${deliveryLines}) as lines on delivery.is_chosen
    order by delivery.batch_id, delivery.order_id`,
});

/**
 * The deliveries past a position, at most `limit`, in the order of (batch, order). The stream chooses everything new
 * and a sample of history; the backfill chooses the rest of history, as far as the stream has come.
 */
export async function listNextDeliveries(
  connection: Connection | Pool,
  name: StreamName,
  after: Position,
  limit: number,
): Promise<DeliveryPage> {
  const rows = await findNext(connection, { name, ...after, limit });
  const last = rows.at(-1);
  return {
    last: last && { batchId: last.batchId, orderId: last.orderId },
    read: rows.length,
    chosen: rows.flatMap(({ isChosen, ...order }) => (isChosen ? [order] : [])),
  };
}
