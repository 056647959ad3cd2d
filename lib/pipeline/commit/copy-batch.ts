import type { Connection } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import { keyRows } from '../parse/event-keys.ts';
import { copyRowsInto } from './copy-rows-into.ts';

const UNIQUE_VIOLATION = '23505';

/** No key at all. */
export const noKeys = new Uint8Array();

/** Some events of a batch had been taken before: nothing of it was kept, and it has to be parsed without them. */
export class RepeatedEventsError extends Error {}

/**
 * Copies the rows of a batch to where they stay or pass through, within its transaction. The keys come first: where
 * one of them is there already, Postgres says so before anything large was sent.
 * @throws RepeatedEventsError
 */
export async function copyBatch(
  connection: Connection,
  { events, keys, rows, days }: ParsedBatch,
): Promise<void> {
  if (events === 0) return;
  await copyRowsInto(connection, 'lakeflow.event_keys', keyRows(keys)).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new RepeatedEventsError('some events were taken before', { cause: error });
  });
  failpoint('after-event-keys');
  await connection.query('select lakeflow.add_partitions($1::date[])', [days]);
  failpoint('after-partitions');
  await copyRowsInto(connection, 'lakeflow.all_events', rows.events);
  failpoint('after-bronze');
  await copyRowsInto(connection, 'pg_temp.batch_orders', rows.orders);
  await copyRowsInto(connection, 'pg_temp.added_order_items', rows.items);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

/** Which of these keys were taken before; all as 16 bytes each. */
export async function findRepeated(
  connection: Pick<Connection, 'query'>,
  keys: Uint8Array,
): Promise<Uint8Array> {
  const { rows } = await connection.query<{ repeated: Buffer | null }>(
    `with given as (
      select substr($1::bytea, place + 1, 16) as bytes
      from generate_series(0, length($1::bytea) - 16, 16) as place
    )
    select string_agg(bytes, '') as repeated
    from given
    where exists (select from lakeflow.event_keys as known where known.key = encode(given.bytes, 'hex')::uuid)`,
    [Buffer.from(keys.buffer, keys.byteOffset, keys.length)],
  );
  return rows[0]?.repeated ?? noKeys;
}
