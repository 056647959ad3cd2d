import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sql } from 'drizzle-orm/sql';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection } from '#db/client.ts';
import { bytes, nullable } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import { keyRows, noKeys } from '../parse/event-keys.ts';
import { step } from './step.ts';

const UNIQUE_VIOLATION = '23505';

/** Some events of a batch are already stored: nothing of the batch was kept, and it has to be parsed without them. */
export class StoredEventsError extends Error {}

/**
 * Copies the rows of a batch into bronze and into the temporary tables of silver, within its transaction. The keys come
 * first: if one of them is already stored, Postgres reports it before anything large is sent.
 * @throws StoredEventsError
 */
export async function copyBatch(
  connection: Connection,
  { events, keys, rows, days }: ParsedBatch,
): Promise<void> {
  if (events === 0) return;
  await step('event-keys', () => copyKeys(connection, keys));
  await step('partitions', () => connection.query('select lakeflow.add_partitions($1::date[])', [days]));
  await step('bronze', () => copyRowsInto(connection, 'lakeflow.all_events', rows.events));
  await copyRowsInto(connection, 'pg_temp.batch_orders', rows.orders);
  await copyRowsInto(connection, 'pg_temp.added_order_items', rows.items);
  await copyRowsInto(connection, 'pg_temp.batch_places', rows.places);
}

async function copyKeys(connection: Connection, keys: Uint8Array): Promise<void> {
  await copyRowsInto(connection, 'lakeflow.event_keys', keyRows(keys)).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new StoredEventsError('some events are already stored', { cause: error });
  });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

/** Copies rows in the binary format of COPY into `table`, which may name its columns, within its transaction. */
export async function copyRowsInto(connection: Connection, table: string, rows: Uint8Array[]): Promise<void> {
  const target = connection.query(copyFrom(`copy ${table} from stdin (format binary)`));
  await pipeline(Readable.from(rows, { objectMode: false }), target);
}

const selectStoredKeys = statement({
  params: { keys: bytes },
  returns: { stored: nullable(bytes) },
  sql: ({ keys }) => sql`
    with candidate as (
      select substr(keys, place + 1, 16) as key
      from (select ${keys}::bytea as keys) as given,
        generate_series(0, length(keys) - 16, 16) as place
    )
    select string_agg(key, '') as stored
    from candidate
    where exists (select from lakeflow.event_keys as known where known.key = encode(candidate.key, 'hex')::uuid)`,
});

/** Which of these keys are already stored; keys have 16 bytes each. */
export async function findStoredKeys(connection: Runner, keys: Uint8Array): Promise<Uint8Array> {
  const [row] = await selectStoredKeys(connection, {
    keys: Buffer.from(keys.buffer, keys.byteOffset, keys.length),
  });
  return row?.stored ?? noKeys;
}
