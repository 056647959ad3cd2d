import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { selectList } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type CommittedBatch, commitBatch, type LostBatch } from '../commit/commit-batch.ts';
import type { TableChange } from '../commit/history.ts';
import { commitOptimistically, type Target } from '../commit/micro-batch.ts';
import type { ParsedBatch, ParseOptions } from '../parse/batch.ts';
import { eventKey, keyTexts } from '../parse/event-keys.ts';
import { horizonAt } from '../parse/event-time.ts';
import { readLocations } from '../parse/locations.ts';
import { parseBatch } from '../parse/parse-batch.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { isRefusal } from '../writer/database-errors.ts';
import {
  bytesOf,
  type QuarantinedSource,
  quarantinedSource,
  type Reading,
  readQuarantined,
} from './quarantined-records.ts';

const MAX_RECORDS = 500;

const selectRequested = statement({
  returns: quarantinedSource,
  sql: () => sql`
    select ${selectList(quarantinedSource)}
    from lakeflow.quarantined_records
    where replay_requested_at is not null and replayed_at is null and dropped_at is null
    order by id
    limit ${sql.raw(`${MAX_RECORDS}`)}`,
});

/**
 * Ingests the records whose replay was requested, in one batch without files: each once, because the batch's own
 * transaction marks it as replayed. A person requested it, so there is no watermark. A record that is rejected stays in
 * quarantine with its new reason. @returns the batches, the last of which may be lost to another writer.
 */
export async function replayRecords(target: Target): Promise<(CommittedBatch | LostBatch)[]> {
  const records = await selectRequested(target.connection, {});
  return records.length === 0 ? [] : runReplay(target, records);
}

async function runReplay(
  target: Target,
  records: readonly QuarantinedSource[],
): Promise<(CommittedBatch | LostBatch)[]> {
  const { connection, volume, clock, position, actions } = target;
  const context: BatchContext = { batchId: position.batchId + 1, ingestedAt: clock.now(), actions };
  const horizon = horizonAt(target.now);
  const readings = records.map((record) => ({ record, reading: readQuarantined(record, horizon) }));
  const readable = readings.filter(({ reading }) => reading.events).map(({ record }) => record);
  const locations = await readLocations(connection);
  try {
    const committed = await commitOptimistically(connection, {
      parse: (storedKeys) => parseReplays(target, { context, locations, storedKeys }, readable),
      commit: (batch, storedKeys) =>
        commitBatch(connection, {
          ...{ context, volume, batch, clock },
          extraWrites: () => markReplayed(connection, context, readings, keyTexts(storedKeys)),
        }),
    });
    return [committed];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = records;
    if (only && records.length === 1) {
      await reject(connection, [{ id: only.id, rule: 'refused_by_database', reason: error.message }]);
      return [];
    }
    return runHalves(target, records);
  }
}

async function runHalves(target: Target, records: readonly QuarantinedSource[]) {
  const half = Math.ceil(records.length / 2);
  const first = await runReplay(target, records.slice(0, half));
  const last = first.at(-1);
  if (last?.outcome === 'checkpoint_moved') return first;
  const position = last ?? target.position;
  return [...first, ...(await runReplay({ ...target, position }, records.slice(half)))];
}

/** Parses every record as a file of its own, which keeps the name and the line that it came from. */
function parseReplays(
  { now, position }: Target,
  options: Pick<ParseOptions, 'context' | 'locations' | 'storedKeys'>,
  records: readonly QuarantinedSource[],
): ParsedBatch {
  const files = records.map((record) => {
    const content = Buffer.concat([Buffer.alloc(record.line - 1, '\n'), bytesOf(record)]);
    const { file: name, id } = record;
    return { name, size: content.length, modifiedAt: now, sha256: String(id), raw: content, content };
  });
  const { maxEventTs } = position;
  const parsed = parseBatch(files, {
    ...options,
    ...{ knownContents: new Map(), brokenBefore: new Map(), now, maxEventTs, watermark: false },
  });
  return { ...parsed, files: [] };
}

const updateReplayed = `
update lakeflow.quarantined_records as record
set replayed_at = $2, replay_batch_id = $1, replay_added = replay.added
from (
  select id, bool_or(added) as added
  from unnest($3::bigint[], $4::boolean[]) as event (id, added)
  group by id
) as replay
where record.id = replay.id`;

async function markReplayed(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  readings: readonly { record: QuarantinedSource; reading: Reading }[],
  stored: ReadonlySet<string>,
): Promise<TableChange[]> {
  const events = readings.flatMap(({ record: { id }, reading }) =>
    (reading.events ?? []).map(({ event_id }) => ({ id, added: !stored.has(eventKey(event_id)) })),
  );
  const { rowCount } = await connection.query(updateReplayed, [
    batchId,
    ingestedAt,
    events.map(({ id }) => id),
    events.map(({ added }) => added),
  ]);
  const rejected = readings.flatMap(({ record: { id }, reading: { rejection } }) =>
    rejection ? [{ id, ...rejection }] : [],
  );
  await reject(connection, rejected);
  return rowCount ? [{ table: 'quarantined_records', metrics: { numUpdatedRows: rowCount } }] : [];
}

/** Withdraws the requests of records that are still rejected, and stores the new reasons. */
async function reject(connection: Connection, records: (Rejection & { id: number })[]): Promise<void> {
  await connection.query(
    `update lakeflow.quarantined_records as record
     set replay_requested_at = null, rule = rejected.rule, reason = rejected.reason
     from unnest($1::bigint[], $2::text[], $3::text[]) as rejected (id, rule, reason)
     where record.id = rejected.id`,
    [records.map(({ id }) => id), records.map(({ rule }) => rule), records.map(({ reason }) => reason)],
  );
}
