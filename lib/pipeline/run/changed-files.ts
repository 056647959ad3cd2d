import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { double, named, text } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';
import { type ChangedFile, findChangedFiles } from '#lib/volume/index.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { Run } from './run-state.ts';

/** Every ingested file is looked at once in this time. */
const INTERVAL_MS = 60_000;
const PAGE_SIZE = 1000;

const selectPage = statement({
  params: { volume: text, after: text },
  returns: { path: text, size: named('size_bytes', double), sha256: text, modifiedMs: double },
  sql: ({ volume, after }) => sql`
    -- grain: one row per file, as it was when it was last read; the table keeps whole milliseconds
    select distinct on (path) path, size_bytes::double precision as size_bytes, sha256,
      floor(extract(epoch from modified_at) * 1000)::double precision as modified_ms
    from lakeflow.ingested_files
    where volume = ${volume} and path > ${after}
    order by path, batch_id desc
    limit ${sql.raw(`${PAGE_SIZE}`)}`,
});

/** The ingested files of a volume that have grown or were written again since they were last read. */
export async function listChangedFiles(
  runner: Runner,
  volume: string,
  maxFileBytes: number,
): Promise<ChangedFile[]> {
  const changed: ChangedFile[] = [];
  for (let after = '', hasMore = true; hasMore; ) {
    const files = await selectPage(runner, { volume, after });
    changed.push(...findChangedFiles(volume, files, maxFileBytes));
    await yieldToOthers();
    after = files.at(-1)?.path ?? '';
    hasMore = files.length === PAGE_SIZE;
  }
  return changed;
}

/** The files that are to be read again, and when the volume was last looked through for them. */
export type ChangedFiles = { names: Set<string>; checkedAt: number | undefined };

/** Looks for files that are to be read again, if that is due, and reports each of their changes, also in the event log. */
export async function lookForChangedFiles(
  connection: Connection,
  run: Pick<Run, 'db' | 'volume' | 'limits' | 'clock' | 'reported' | 'say'>,
  changed: ChangedFiles,
): Promise<void> {
  const at = run.clock.now();
  if (changed.checkedAt !== undefined && at.getTime() - changed.checkedAt < INTERVAL_MS) return;
  changed.checkedAt = at.getTime();
  for (const file of await listChangedFiles(run.db.pool, run.volume, run.limits.maxFileBytes)) {
    changed.names.add(file.name);
    const message = describeChange(file);
    if (run.reported.has(message)) continue;
    run.reported.add(message);
    run.say(message);
    await recordEvent(connection, { at, level: 'warn', type: 'file_changed', message });
  }
}

function describeChange({ name, sizeBefore, size }: ChangedFile): string {
  return `${name} has changed since it was read (${sizeBefore} bytes then, ${size} now); it is read again.`;
}
