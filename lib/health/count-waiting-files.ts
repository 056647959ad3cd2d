import { resolve } from 'node:path';
import type { Database } from '#db/client.ts';
import { listFiles } from '#lib/volume/index.ts';

/** How many event files of a volume the pipeline has not taken yet. */
export async function countWaitingFiles(db: Database, volume: string): Promise<number> {
  const { files } = await listFiles(volume);
  const { rows } = await db.pool.query<{ n: number }>(
    `
    -- one row: the files without a line in the ledger
    select count(*)::integer as n
    from unnest($1::text[]) as file (path)
    where not exists (
      select from lakeflow.ingested_files as taken where taken.volume = $2 and taken.path = file.path
    )`,
    [files, resolve(volume)],
  );
  return rows[0]?.n ?? 0;
}
