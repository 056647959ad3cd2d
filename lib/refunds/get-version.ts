import type { Connection, Pool } from '#db/client.ts';

/**
 * A mark of what is shown of an order: another as soon as the order has moved or has another recommendation.
 * Undefined where it is not in the queue.
 */
export async function getVersion(
  connection: Pool | Connection,
  orderId: string,
): Promise<string | undefined> {
  const { rows } = await connection.query<{ version: string }>(
    `
    -- at most one row
    select recommendation_id || ' ' || extract(epoch from changed_ts) as version
    from refunds.cases
    where order_id = $1`,
    [orderId],
  );
  return rows[0]?.version;
}
