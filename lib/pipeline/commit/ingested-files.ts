import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { text, textArray } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';
import type { IngestedFile } from '../parse/batch.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';

const selectNames = statement({
  params: { volume: text },
  returns: { path: text },
  sql: ({ volume }) => sql`select path from lakeflow.ingested_files where volume = ${volume}`,
});

/** The names of all files of a volume that were ingested. */
export async function listIngested(connection: Runner, volume: string): Promise<Set<string>> {
  return new Set((await selectNames(connection, { volume })).map(({ path }) => path));
}

const selectContents = statement({
  params: { hashes: textArray },
  returns: { sha256: text, path: text },
  sql: ({ hashes }) => sql`
    select sha256, path
    from lakeflow.ingested_files
    where sha256 = any(${hashes}) and duplicate_of is null`,
});

/** Which of these contents were ingested before: sha256 → the file that brought it first. */
export async function findKnownContents(connection: Runner, hashes: string[]): Promise<Map<string, string>> {
  const rows = await selectContents(connection, { hashes });
  return new Map(rows.map(({ sha256, path }) => [sha256, path]));
}

const insertFiles = `
insert into lakeflow.ingested_files (
  volume, path, size_bytes, modified_at, sha256, duplicate_of, records, quarantined, events_added,
  batch_id, ingested_at)
select $1, file.*, $2, $3
from unnest(
  $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[]
) as file`;

/** Records the files of a batch as ingested, within its transaction. */
export async function recordFiles(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  volume: string,
  files: readonly IngestedFile[],
): Promise<void> {
  await connection.query(insertFiles, [
    volume,
    batchId,
    ingestedAt,
    files.map((file) => file.name),
    files.map((file) => file.size),
    files.map((file) => file.modifiedAt),
    files.map((file) => file.sha256),
    files.map((file) => file.duplicateOf),
    files.map((file) => file.records),
    files.map((file) => file.quarantined),
    files.map((file) => file.events),
  ]);
}
