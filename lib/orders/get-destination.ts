import type { Database } from '#db/client.ts';
import { getOrderDays } from './get-order-days.ts';

/** Where an order goes. Personal data: read it only where a person needs it, and keep it out of lists and logs. */
export type Destination = { address: string | null; lat: number | null; lon: number | null };

/** The customer's address and coordinates, or undefined where the order's creation is not known. */
export async function getDestination(db: Database, orderId: string): Promise<Destination | undefined> {
  const { from, before } = await getOrderDays(db.pool, orderId);
  const { rows } = await db.pool.query<Destination>(
    `
    -- one row: the order's creation; a body that came as a string holds its JSON as text
    with created as (
      select case json_typeof(body) when 'string' then (body #>> '{}')::json else body end as body
      from lakeflow.all_events
      where order_id = $1 and event_type = 'order_created' and ts >= $2 and ts < $3
      order by ts, sequence
      limit 1
    )
    select
      body ->> 'customer_addr' as address,
      (body ->> 'customer_lat')::double precision as lat,
      (body ->> 'customer_lon')::double precision as lon
    from created`,
    [orderId, from, before],
  );
  return rows[0];
}
