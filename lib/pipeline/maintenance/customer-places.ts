import { sql } from 'drizzle-orm/sql';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { count, integer, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { recordOperation } from '../commit/history.ts';
import { recordEvent } from '../event-log/record-event.ts';
import { type AddressKey, setAddressKey } from '../writer/address-key.ts';

const DAY_MS = 86_400_000;
/** Orders that are hashed in one transaction. */
const BATCH = 5_000;

type Places = { db: Pick<Database, 'pool'>; clock: Clock };

/** What was deleted, or would be: the places of orders of the days before `before` (UTC). */
export type PlaceRetention = { before: string; places: number };

const countOld = statement({
  params: { before: text },
  returns: { places: count },
  sql: ({ before }) => sql`
    select count(*) as places from lakeflow.silver_customer_places where order_day < ${before}::text::date`,
});

const forget = statement({
  params: { before: text, at: timestamp },
  returns: { places: count },
  sql: ({ before, at }) => sql`
    -- one row; the mark keeps later batches and the console from storing what is deleted
    with mark as (
      insert into lakeflow.checkpoints as held (name, batch_id, watermark, updated_at)
      values ('customer_places', 0, ${before}::text::date::timestamp at time zone 'UTC', ${at})
      on conflict (name) do update
      set watermark = greatest(held.watermark, excluded.watermark), updated_at = excluded.updated_at
    ), deleted as (
      delete from lakeflow.silver_customer_places where order_day < ${before}::text::date returning 1
    )
    select count(*) as places from deleted`,
});

/**
 * Deletes where orders went, of all but the last `days` days, including today. They do not come back: an event of such a
 * day that comes later adds none, and the sync deletes them in the console too. Raw events have their own retention.
 */
export async function retainPlaces({
  db,
  clock,
  days,
  dryRun = false,
}: Places & { days: number; dryRun?: boolean }): Promise<PlaceRetention> {
  const at = clock.now();
  const before = new Date(at.getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  return inTransaction(db.pool, async (connection) => {
    const [counted] = dryRun
      ? await countOld(connection, { before })
      : await forget(connection, { before, at });
    const places = counted?.places ?? 0;
    if (!dryRun) await record(connection, 'RETENTION', { at, before, places, days });
    return { before, places };
  });
}

async function record(
  connection: Connection,
  name: string,
  { at, places, ...parameters }: { at: Date; places: number; before?: string; days?: number },
): Promise<void> {
  const isRetention = name === 'RETENTION';
  const metrics: Record<string, number> = { [isRetention ? 'numDeletedRows' : 'numUpdatedRows']: places };
  await recordOperation(connection, { name, at, parameters }, [{ table: 'silver_customer_places', metrics }]);
  const message = isRetention
    ? `Deleted where ${places} orders of the days before ${parameters.before} went.`
    : `Hashed the addresses of ${places} orders again.`;
  await recordEvent(connection, {
    at,
    level: 'info',
    type: isRetention ? 'places_deleted' : 'addresses_rehashed',
    message,
    details: { places },
  });
}

const hashNext = statement({
  params: { after: text, limit: integer },
  returns: { last: text, changed: integer },
  sql: ({ after, limit }) => sql`
    -- one row: the last order of the batch, and how many hashes have changed; none where there is no order left
    with batch as (
      select order_id, lakeflow.address_hash(address) as address_hash
      from lakeflow.silver_customer_places
      where order_id > ${after}
      order by order_id
      limit ${limit}
    ), changed as (
      update lakeflow.silver_customer_places as place
      set address_hash = batch.address_hash
      from batch
      where batch.order_id = place.order_id and batch.address_hash is distinct from place.address_hash
      returning 1
    )
    select max(order_id) as last, (select count(*) from changed)::integer as changed from batch having count(*) > 0`,
});

/**
 * Hashes all addresses with `key`, batch by batch in transactions of their own; what is hashed already changes nothing,
 * so it may be stopped and run again. @returns how many hashes have changed.
 */
export async function rehashAddresses({
  db,
  clock,
  key,
  signal,
}: Places & { key: AddressKey; signal: AbortSignal }): Promise<{ changed: number }> {
  const connection = await db.pool.connect();
  try {
    await setAddressKey(connection, key);
    let changed = 0;
    for (let after: string | undefined = ''; after !== undefined && !signal.aborted; ) {
      const [batch] = await hashNext(connection, { after, limit: BATCH });
      changed += batch?.changed ?? 0;
      after = batch?.last;
    }
    if (changed > 0) await record(connection, 'REHASH', { at: clock.now(), places: changed });
    return { changed };
  } finally {
    // The session knows the key; it is not used for anything else.
    connection.release(true);
  }
}
