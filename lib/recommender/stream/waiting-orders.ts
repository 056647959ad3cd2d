import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { integer, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { isInQuarantine } from '../facts/order-facts.ts';

/** Remembers orders that cannot be answered before a record of theirs has left the quarantine. */
export async function holdOrders(connection: Connection, orderIds: string[], now: Date): Promise<void> {
  if (orderIds.length === 0) return;
  await connection.query(
    `
    insert into recommender.waiting_orders (order_id, since)
    select order_id, $2 from unnest($1::text[]) as held (order_id)
    on conflict do nothing`,
    [orderIds, now],
  );
}

export async function releaseOrders(connection: Connection, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return;
  await connection.query('delete from recommender.waiting_orders where order_id = any($1)', [orderIds]);
}

const findReleasable = statement({
  params: { after: text, limit: integer },
  returns: { orderId: text },
  sql: ({ after, limit }) => sql`
    -- one row per waiting order of which no record waits in quarantine any more
    select placed.order_id
    from recommender.waiting_orders as placed
    where placed.order_id > ${after} and not ${isInQuarantine}
    order by placed.order_id
    limit ${limit}`,
});

/** Orders whose record was replayed or dropped since they were held, in the order of their ids past `after`. */
export async function listReleasable(
  connection: Connection,
  after: string,
  limit: number,
): Promise<string[]> {
  return (await findReleasable(connection, { after, limit })).map(({ orderId }) => orderId);
}
