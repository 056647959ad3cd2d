import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { double, named, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { recordEvent } from '../event-log/record-event.ts';
import { readFiles } from '../parse/reader/reader.ts';
import type { Run } from './run-state.ts';

/** Every ingested file is looked at once in this time. */
const INTERVAL_MS = 60_000;
const PAGE_SIZE = 1000;

/** `size` in bytes, `modifiedMs` since 1970. */
const ingestedFile = {
  path: text,
  size: named('size_bytes', double),
  sha256: text,
  modifiedMs: double,
};
type IngestedFile = RowOf<typeof ingestedFile>;

const selectPage = statement({
  params: { volume: text, after: text },
  returns: ingestedFile,
  sql: ({ volume, after }) => sql`
    select path, size_bytes::double precision as size_bytes, sha256,
      floor(extract(epoch from modified_at) * 1000)::double precision as modified_ms
    from lakeflow.ingested_files
    where volume = ${volume} and path > ${after}
    order by path
    limit ${sql.raw(`${PAGE_SIZE}`)}`,
});

/**
 * Reports, once and also in the event log, files that were written again after they were ingested: their first content
 * counts, the new one is not read. @param checkedAt when this was last done. @returns when it was.
 */
export async function reportChangedFiles(
  connection: Connection,
  run: Pick<Run, 'db' | 'volume' | 'limits' | 'clock' | 'reported' | 'say'>,
  checkedAt: number | undefined,
): Promise<number> {
  const at = run.clock.now();
  if (checkedAt !== undefined && at.getTime() - checkedAt < INTERVAL_MS) return checkedAt;
  for (const { name, ingestedSize, size } of await findChangedFiles(run)) {
    const message = `${name} has changed since it was ingested (${ingestedSize} bytes then, ${size} now); its first content counts. Give new content a new file name.`;
    if (run.reported.has(message)) continue;
    run.reported.add(message);
    run.say(message);
    await recordEvent(connection, { at, level: 'warn', type: 'file_changed', message });
  }
  return at.getTime();
}

type ChangedFile = { name: string; ingestedSize: number; size: number };

/**
 * Files that differ in size or time are read and compared by their hash. A file that is gone or cannot be read has not
 * changed.
 */
async function findChangedFiles({
  db,
  volume,
  limits,
}: Pick<Run, 'db' | 'volume' | 'limits'>): Promise<ChangedFile[]> {
  const changed: ChangedFile[] = [];
  for (let after = '', hasMore = true; hasMore; ) {
    const files = await selectPage(db.pool, { volume, after });
    for (const file of files.filter((file) => looksDifferent(volume, file)))
      changed.push(...compareContent(volume, file, limits.maxFileBytes));
    await yieldToOthers();
    after = files.at(-1)?.path ?? '';
    hasMore = files.length === PAGE_SIZE;
  }
  return changed;
}

/** Synchronous, because a promise for each file would cost ten times what the check does. */
function looksDifferent(volume: string, { path, size, modifiedMs }: IngestedFile): boolean {
  try {
    const stats = statSync(join(volume, path));
    // The table keeps whole milliseconds.
    return stats.isFile() && (stats.size !== size || Math.abs(stats.mtimeMs - modifiedMs) > 1);
  } catch {
    return false;
  }
}

function compareContent(
  volume: string,
  { path, size, sha256 }: IngestedFile,
  maxBytes: number,
): ChangedFile[] {
  const { files } = readFiles(volume, [path], { maxFiles: 1, maxBytes, maxFileBytes: maxBytes });
  return files
    .filter((file) => file.sha256 !== sha256)
    .map((file) => ({ name: path, ingestedSize: size, size: file.size }));
}
