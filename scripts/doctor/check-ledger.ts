import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Database } from '#db/client.ts';
import { countWaitingFiles } from '#lib/health/index.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Files that a running pipeline may not have taken up yet. */
const IN_PASSING = 5;

/** Compares the ledger of taken files with the volume, both ways. */
export async function checkLedger(
  database: Database,
  volume: string,
  isRunning: boolean,
): Promise<Finding[]> {
  const waiting = await countWaitingFiles(database, volume);
  const { rows } = await database.pool.query<{ path: string }>(
    'select path from lakeflow.ingested_files where volume = $1',
    [resolve(volume)],
  );
  const gone = rows.filter(({ path }) => !existsSync(join(volume, path))).length;
  return [describeWaiting(waiting, isRunning), describeGone(gone, rows.length)];
}

function describeWaiting(waiting: number, isRunning: boolean): Finding {
  if (waiting === 0) return ok('backlog', 'Every event file is taken in.');
  const detail = `${waiting} event files wait.`;
  if (isRunning && waiting <= IN_PASSING) return ok('backlog', detail);
  return warn('backlog', `${detail} npm start or npm run pipeline -- --once takes them in.`);
}

function describeGone(gone: number, taken: number): Finding {
  if (gone === 0) return ok('ledger', `${taken} files were taken in and all are there.`);
  return warn(
    'ledger',
    `${gone} of ${taken} files that were taken in are gone. Their events are kept; restore the files before a rebuild.`,
  );
}
