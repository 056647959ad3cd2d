import { sql } from 'drizzle-orm/sql';
import { bigint, integer, text, timestamp } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';

const selectLastBatch = statement({
  returns: { batch: bigint },
  sql: () => sql`select batch_id as batch from lakeflow.checkpoints where name = 'pipeline'`,
});

/** The last batch that the pipeline has committed, as decimal text; "0" before the first. */
export async function getLastBatch(lakehouse: Runner): Promise<string> {
  const [row] = await selectLastBatch(lakehouse, {});
  return row?.batch ?? '0';
}

const selectPlacesEdge = statement({
  returns: { edge: timestamp },
  sql: () => sql`select watermark as edge from lakeflow.checkpoints where name = 'customer_places'`,
});

/** The start of the first day (UTC) whose places are kept; undefined where none were deleted yet. */
export async function getPlacesEdge(lakehouse: Runner): Promise<Date | undefined> {
  const [row] = await selectPlacesEdge(lakehouse, {});
  return row?.edge;
}

const changedColumns = { orderId: text, batch: bigint };
/** An order and the batch that last changed its facts: when it was created and delivered, its lines, its total. */
export type ChangedOrder = { orderId: string; batch: string };

const selectChanged = statement({
  params: { batch: bigint, orderId: text, last: bigint, limit: integer },
  returns: changedColumns,
  sql: ({ batch, orderId, last, limit }) => sql`
    -- one row per order that a batch from the one after this order up to the last one has changed
    select order_id, facts_batch as batch
    from lakeflow.silver_orders
    where (facts_batch, order_id) > (${batch}, ${orderId}) and facts_batch <= ${last}
    order by facts_batch, order_id
    limit ${limit}`,
});

/**
 * The orders whose facts changed after a place in the order of (batch, order id), up to the batch `last`.
 * @param after the last order that was listed before; an order id of '' is before every order of the batch.
 */
export function listChangedOrders(
  lakehouse: Runner,
  { after, last, limit }: { after: ChangedOrder; last: string; limit: number },
): Promise<ChangedOrder[]> {
  return selectChanged(lakehouse, { ...after, last, limit });
}
