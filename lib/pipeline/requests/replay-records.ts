import type { Connection } from '#db/client.ts';
import { type CommittedBatch, commitBatch, type LostBatch } from '../commit/commit-batch.ts';
import { commitOnce } from '../commit/commit-once.ts';
import type { TableChange } from '../commit/history.ts';
import type { Target } from '../commit/micro-batch.ts';
import type { ParsedBatch, ParseOptions } from '../parse/batch.ts';
import { eventKey, keyTexts } from '../parse/event-keys.ts';
import { horizonAt } from '../parse/event-time.ts';
import { readLocations } from '../parse/locations.ts';
import { parseBatch } from '../parse/parse-batch.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { isRefusal } from '../writer/is-transient.ts';
import {
  bytesOf,
  type QuarantinedSource,
  type Reading,
  readQuarantined,
  sourceColumns,
} from './quarantined-record.ts';

const LIMIT = 500;

const find = `
select ${sourceColumns}
from lakeflow.quarantined_records
where replay_requested_at is not null and replayed_at is null and dropped_at is null
order by id
limit ${LIMIT}`;

/**
 * Takes the records that people asked for, in one batch that has no files: each once, since what marks it taken is
 * in the batch's own transaction. A person asked, so there is no watermark. What is refused stays in quarantine for
 * its new reason. @returns the batches, the last of which may be lost to another writer; none where nobody asked.
 */
export async function replayRecords(target: Target): Promise<(CommittedBatch | LostBatch)[]> {
  const { rows } = await target.connection.query<QuarantinedSource>(find);
  return rows.length === 0 ? [] : runReplay(target, rows);
}

async function runReplay(
  target: Target,
  records: readonly QuarantinedSource[],
): Promise<(CommittedBatch | LostBatch)[]> {
  const { connection, volume, clock, position, actions } = target;
  const context: BatchContext = { batchId: position.batchId + 1, takenAt: clock.now(), actions };
  const readings = records.map((record) => ({
    record,
    reading: readQuarantined(record, horizonAt(target.now)),
  }));
  const places = await readLocations(connection);
  const readable = readings.filter(({ reading }) => reading.events).map(({ record }) => record);
  const parse = (repeated: Uint8Array) => parseReplays(target, { context, places, repeated }, readable);
  const commit = (batch: ParsedBatch, repeated: Uint8Array) =>
    commitBatch(connection, context, volume, batch, clock, (at) =>
      markReplays(connection, at, readings, keyTexts(repeated)),
    );
  try {
    return [await commitOnce(connection, parse, commit)];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = records;
    if (only && records.length === 1) {
      await refuse(connection, [{ id: only.id, rule: 'refused_by_database', reason: error.message }]);
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
  return [
    ...first,
    ...(await runReplay({ ...target, position: last ?? target.position }, records.slice(half))),
  ];
}

/** Every record as a file of its own, which keeps the name and the line that it came from. */
function parseReplays(
  { now, position }: Target,
  options: Pick<ParseOptions, 'context' | 'places' | 'repeated'>,
  records: readonly QuarantinedSource[],
): ParsedBatch {
  const files = records.map((record) => {
    const content = Buffer.concat([Buffer.alloc(record.line - 1, '\n'), bytesOf(record)]);
    const { file: name, id } = record;
    return { name, size: content.length, modifiedAt: now, sha256: String(id), raw: content, content };
  });
  const { newestTs } = position;
  const parsed = parseBatch(files, { ...options, known: new Map(), now, newestTs, watermark: false });
  return { ...parsed, files: [] };
}

const mark = `
update lakeflow.quarantined_records as record
set replayed_at = $2, replay_batch_id = $1, replay_added = replay.added
from (
  select id, bool_or(added) as added
  from unnest($3::bigint[], $4::boolean[]) as event (id, added)
  group by id
) as replay
where record.id = replay.id`;

async function markReplays(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  readings: readonly { record: QuarantinedSource; reading: Reading }[],
  repeated: ReadonlySet<string>,
): Promise<TableChange[]> {
  const events = readings.flatMap(({ record: { id }, reading }) =>
    (reading.events ?? []).map(({ eventId }) => ({ id, added: !repeated.has(eventKey(eventId)) })),
  );
  const { rowCount } = await connection.query(mark, [
    batchId,
    takenAt,
    events.map(({ id }) => id),
    events.map((event) => event.added),
  ]);
  await refuse(
    connection,
    readings.flatMap(({ record: { id }, reading: { rejection } }) =>
      rejection ? [{ id, ...rejection }] : [],
    ),
  );
  return rowCount ? [{ table: 'quarantined_records', metrics: { numUpdatedRows: rowCount } }] : [];
}

async function refuse(connection: Connection, records: (Rejection & { id: number })[]): Promise<void> {
  await connection.query(
    `update lakeflow.quarantined_records as record
     set replay_requested_at = null, rule = refused.rule, reason = refused.reason
     from unnest($1::bigint[], $2::text[], $3::text[]) as refused (id, rule, reason)
     where record.id = refused.id`,
    [records.map(({ id }) => id), records.map(({ rule }) => rule), records.map(({ reason }) => reason)],
  );
}
