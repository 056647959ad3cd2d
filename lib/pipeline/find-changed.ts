import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '#db/client.ts';
import { readEventFile } from '#lib/volume/read-file.ts';

/** A file whose content is another one than was taken; sizes in bytes. */
export type ChangedFile = { name: string; takenSize: number; size: number };

type Taken = { path: string; size: number; modified: number; sha256: string };

const PAGE = 5000;
const page = `
select path, size_bytes::double precision as size, sha256,
  floor(extract(epoch from modified_at) * 1000)::double precision as modified
from lakeflow.ingested_files
where volume = $1 and path > $2
order by path
limit ${PAGE}`;

/**
 * Finds the files of a volume that were written again after they were taken. What differs in size or time is read and
 * compared by its hash; a file that is gone or cannot be read has not changed. @param limit bytes of a file at most.
 */
export async function findChanged(
  pool: Pick<Pool, 'query'>,
  volume: string,
  limit: number,
): Promise<ChangedFile[]> {
  const changed: ChangedFile[] = [];
  for (let after = '', more = true; more; ) {
    const { rows } = await pool.query<Taken>(page, [volume, after]);
    for (const taken of rows) changed.push(...(await compare(volume, taken, limit)));
    after = rows.at(-1)?.path ?? '';
    more = rows.length === PAGE;
  }
  return changed;
}

async function compare(volume: string, taken: Taken, limit: number): Promise<ChangedFile[]> {
  const { path: name, size: takenSize } = taken;
  const now = await stat(join(volume, name)).catch(() => undefined);
  // The ledger keeps whole milliseconds.
  const same = now?.size === takenSize && Math.abs(now.mtimeMs - taken.modified) <= 1;
  if (!now?.isFile() || same) return [];
  const file = await readEventFile(volume, name, limit).catch(() => undefined);
  if (!file || file.sha256 === taken.sha256) return [];
  return [{ name, takenSize, size: file.size }];
}
