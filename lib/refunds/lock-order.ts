import type { Connection } from '#db/client.ts';

/** Makes all work on an order wait for one another until it commits, and tells the audit which request it is. */
export async function lockOrder(
  connection: Connection,
  { orderId, requestId }: { orderId: string; requestId?: string },
): Promise<void> {
  await connection.query(
    `select pg_advisory_xact_lock(hashtextextended($1, 5)), set_config('caspers.request', $2, true)`,
    [orderId, JSON.stringify({ requestId })],
  );
}
