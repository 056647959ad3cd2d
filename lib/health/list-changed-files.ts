import { resolve } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { double, named, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type ChangedFile, findChangedFiles } from '#lib/volume/index.ts';

/** A larger file is not read to compare it; the pipeline does not read it either. */
const MAX_FILE_BYTES = 256 * 1_048_576;

const selectFiles = statement({
  params: { volume: text },
  returns: { path: text, size: named('size_bytes', double), sha256: text, modifiedMs: double },
  sql: ({ volume }) => sql`
    -- grain: one row per file, as it was when it was last read
    select distinct on (path) path, size_bytes::double precision as size_bytes, sha256,
      floor(extract(epoch from modified_at) * 1000)::double precision as modified_ms
    from lakeflow.ingested_files
    where volume = ${volume}
    order by path, batch_id desc`,
});

/** The ingested files of a volume that have grown or were written again; the pipeline reads them again. */
export async function listChangedFiles(
  { pool }: Pick<Database, 'pool'>,
  volume: string,
): Promise<ChangedFile[]> {
  return findChangedFiles(volume, await selectFiles(pool, { volume: resolve(volume) }), MAX_FILE_BYTES);
}
