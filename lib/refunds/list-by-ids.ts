import type { Database } from '#db/client.ts';
import { isoTimes } from '#db/iso-times.ts';
import { type QueueRow, queueColumns, readQueueRow } from './queue-row.ts';
import type { QueueItem } from './types.ts';

/** The newest recommendations of some orders by their ids; an order without one is missing. */
export async function listByIds(
  { pool }: Pick<Database, 'pool'>,
  orderIds: string[],
): Promise<Map<string, QueueItem>> {
  const { rows } = await pool.query<QueueRow>({
    text: `
    -- one row per order
    select ${queueColumns}
    from recommender.pg_recommendations as r
    left join refunds.cases as c on c.order_id = r.order_id
    left join refunds.refund_decisions as d on d.id = c.decision_id
    where r.order_id = any($1)`,
    values: [orderIds],
    types: isoTimes,
  });
  return new Map(rows.map((row) => [row.order_id, readQueueRow(row)]));
}
