import type { Connection } from '#db/client.ts';

/** Exported for the test of its plan. */
export const writeStatement = `
-- grain: one row per created order, of the creation that counts; days that are no longer kept are left out
insert into lakeflow.silver_customer_places as known (order_id, order_day, latitude, longitude, address, address_hash)
select
  place.order_id, place.order_day, place.latitude, place.longitude, place.address, lakeflow.address_hash(place.address)
from pg_temp.batch_places as place
join pg_temp.changed_orders as changed
  on changed.order_id = place.order_id and changed.created_event_id = place.event_id and changed.newly_created
where place.order_day >= coalesce(
  (select (watermark at time zone 'UTC')::date from lakeflow.checkpoints where name = 'customer_places'), '-infinity')
on conflict (order_id) do update set
  order_day = excluded.order_day, latitude = excluded.latitude, longitude = excluded.longitude,
  address = excluded.address, address_hash = excluded.address_hash`;

/**
 * Stores where the created orders of a batch go, within its transaction, with hashes of their addresses by the key of
 * the session. @returns the rows written.
 */
export async function writePlaces(connection: Connection): Promise<number> {
  return (await connection.query(writeStatement)).rowCount ?? 0;
}
