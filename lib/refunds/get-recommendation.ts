import type { Connection, Pool } from '#db/client.ts';
import { isoTimes } from '#db/iso-times.ts';
import { prepared } from '#db/prepared.ts';
import { type QueueRow, queueColumns, readQueueRow } from './queue-row.ts';
import type { QueueItem } from './types.ts';

const FIND = `
    -- at most one row
    select ${queueColumns}
    from recommender.pg_recommendations as r
    left join refunds.cases as c on c.order_id = r.order_id
    left join refunds.refund_decisions as d on d.id = c.decision_id
    where r.order_id = $1`;

/** The newest recommendation of an order with the decision that stands; undefined where there is none yet. */
export async function getRecommendation(
  { pool }: { pool: Pool | Connection },
  orderId: string,
): Promise<QueueItem | undefined> {
  const { rows } = await pool.query<QueueRow>({ ...prepared(FIND, [orderId]), types: isoTimes });
  return rows[0] && readQueueRow(rows[0]);
}
