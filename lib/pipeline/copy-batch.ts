import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { CopyRows } from './bronze/copy-rows.ts';
import type { BatchContext } from './dataset.ts';
import type { ParsedBatch } from './parse-batch.ts';

const UNIQUE_VIOLATION = '23505';

/** Some events of a batch had been taken before: nothing of it was kept, and it has to be parsed without them. */
export class RepeatedEventsError extends Error {}

/**
 * Copies the rows of a batch to where they stay or pass through, within its transaction. The keys come first: where
 * one of them is there already, Postgres says so before anything large was sent.
 * @throws RepeatedEventsError
 */
export async function copyBatch(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  { events, orders, days }: ParsedBatch,
): Promise<void> {
  if (events.count === 0) return;
  await copy(connection, 'lakeflow.event_keys', events.keys).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new RepeatedEventsError('some events were taken before', { cause: error });
  });
  failpoint('after-event-keys');
  await connection.query('select lakeflow.add_partitions($1::date[])', [days.believed(takenAt)]);
  failpoint('after-partitions');
  await copy(connection, 'lakeflow.all_events', events.events);
  failpoint('after-bronze');
  await copy(connection, 'pg_temp.batch_orders', orders.orders());
  await copy(connection, 'pg_temp.added_order_items', orders.items(batchId));
}

async function copy(connection: Connection, table: string, rows: CopyRows): Promise<void> {
  const target = connection.query(copyFrom(`copy ${table} from stdin (format binary)`));
  await pipeline(Readable.from(rows.finish(), { objectMode: false }), target);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

/** Which of these events were taken before. */
export async function findRepeated(
  connection: Pick<Connection, 'query'>,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await connection.query<{ event_id: string }>(
    `-- one row per event whose key is there
    select event_id
    from unnest($1::text[]) as event_id
    where exists (select from lakeflow.event_keys where key = lakeflow.event_key(event_id))`,
    [eventIds],
  );
  return new Set(rows.map(({ event_id }) => event_id));
}
