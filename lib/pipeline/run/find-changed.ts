import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Pool } from '#db/client.ts';
import { readFiles } from '../parse/reader/read-files.ts';

/** A file whose content is another one than was taken; sizes in bytes. */
export type ChangedFile = { name: string; takenSize: number; size: number };

type Taken = { path: string; size: number; modified: number; sha256: string };

const PAGE = 1000;
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
    const others = rows.filter((taken) => looksOther(volume, taken));
    for (const taken of others) changed.push(...compare(volume, taken, limit));
    await breathe();
    after = rows.at(-1)?.path ?? '';
    more = rows.length === PAGE;
  }
  return changed;
}

/** Asked without a promise for each file, which would cost ten times what the question does. */
function looksOther(volume: string, { path, size, modified }: Taken): boolean {
  try {
    const now = statSync(join(volume, path));
    // The ledger keeps whole milliseconds.
    return now.isFile() && (now.size !== size || Math.abs(now.mtimeMs - modified) > 1);
  } catch {
    return false;
  }
}

function compare(volume: string, { path: name, size, sha256 }: Taken, limit: number): ChangedFile[] {
  const read = readFiles(volume, [name], { maxFiles: 1, maxBytes: limit, maxFileBytes: limit });
  return read.files
    .filter((file) => file.sha256 !== sha256)
    .map((file) => ({ name, takenSize: size, size: file.size }));
}
