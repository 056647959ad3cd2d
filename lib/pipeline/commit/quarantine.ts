import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { boolean, count, integer, named, text, textArray } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';
import type { BrokenBefore, QuarantinedRecord } from '../parse/batch.ts';
import { CopyRows } from '../parse/copy-rows.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { copyRowsInto } from './copy-batch.ts';

const columns = [
  ...['source_file', 'line_no', 'raw', 'raw_encoding', 'rule', 'reason', 'batch_id', 'quarantined_at'],
  'order_id',
];

/** Stores the records that break a rule, within the batch's transaction; by COPY, as one may be as large as its file. */
export async function quarantine(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  records: readonly QuarantinedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = new CopyRows(columns.length);
  for (const { file, line, source, rule, reason, orderId } of records) {
    rows.startRow();
    rows.text(file);
    rows.integer(line);
    rows.utf8(source.bytes);
    rows.text(source.encoding);
    rows.text(rule);
    rows.text(storable(reason));
    rows.bigint(batchId);
    rows.timestamp({ ms: ingestedAt.getTime(), micros: 0 });
    rows.text(orderId);
  }
  await copyRowsInto(connection, `lakeflow.quarantined_records (${columns.join(', ')})`, rows.finish());
}

/** A reason may quote the record, and with it characters that Postgres refuses. */
function storable(reason: string): string {
  return reason.replaceAll('\0', '\\u0000').toWellFormed();
}

const selectBroken = statement({
  params: { volume: text, files: textArray },
  returns: {
    file: named('source_file', text),
    id: count,
    line: named('line_no', integer),
    hash: text,
    length: integer,
    isOpen: boolean,
  },
  sql: ({ volume, files }) => sql`
    select source_file, id, line_no, md5(raw) as hash, octet_length(raw) as length,
      raw_encoding = 'text' and replayed_at is null and dropped_at is null as is_open
    from lakeflow.quarantined_records as record
    where source_file = any(${files}) and exists (
      select from lakeflow.ingested_files as file
      where file.volume = ${volume} and file.path = record.source_file and file.batch_id = record.batch_id
    )`,
});

/** What earlier readings of files of a volume put into quarantine: a list for each of the files. */
export async function findBrokenBefore(
  connection: Runner,
  volume: string,
  files: readonly string[],
): Promise<Map<string, BrokenBefore[]>> {
  const before = new Map<string, BrokenBefore[]>(files.map((file) => [file, []]));
  if (files.length === 0) return before;
  for (const { file, ...record } of await selectBroken(connection, { volume, files: [...files] }))
    before.get(file)?.push(record);
  return before;
}

const updateCompleted = `
update lakeflow.quarantined_records
set replayed_at = $2, replay_batch_id = $1, replay_added = false
where id = any($3::bigint[]) and replayed_at is null and dropped_at is null`;

/** Closes records in quarantine whose file now has them in full: their events come with the file. */
export async function closeCompleted(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  ids: readonly number[],
): Promise<void> {
  if (ids.length > 0) await connection.query(updateCompleted, [batchId, ingestedAt, ids]);
}
