import type { Connection, Pool } from '#db/client.ts';
import type { TakenFile } from '../parse/batch.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';

type Reader = Pick<Pool, 'query'>;

/** The names of all files of a volume that were taken. */
export async function listTaken(connection: Reader, volume: string): Promise<Set<string>> {
  const { rows } = await connection.query<{ path: string }>(
    'select path from lakeflow.ingested_files where volume = $1',
    [volume],
  );
  return new Set(rows.map(({ path }) => path));
}

/** Which of these contents were taken before: sha256 → the name of the file that brought it first. */
export async function findKnownContents(connection: Reader, hashes: string[]): Promise<Map<string, string>> {
  const { rows } = await connection.query<{ sha256: string; path: string }>(
    `select sha256, path from lakeflow.ingested_files
     where sha256 = any($1) and duplicate_of is null`,
    [hashes],
  );
  return new Map(rows.map(({ sha256, path }) => [sha256, path]));
}

const write = `
insert into lakeflow.ingested_files (
  volume, path, size_bytes, modified_at, sha256, duplicate_of, records, quarantined, events_added,
  batch_id, ingested_at)
select $1, file.*, $2, $3
from unnest(
  $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[]
) as file`;

/** Writes the files of a batch into the ledger, within its transaction. */
export async function writeLedger(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  volume: string,
  files: readonly TakenFile[],
): Promise<void> {
  await connection.query(write, [
    volume,
    batchId,
    takenAt,
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
