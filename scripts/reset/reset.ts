import { createInterface } from 'node:readline/promises';
import { type Env, loadEnv, volumeDirectory } from '#lib/env.ts';
import { OperatorError, UsageError } from '#lib/errors.ts';
import { prepareDataDirectory } from '../supervisor/data-directory.ts';
import { claimRun, releaseRun, runRecordPath } from '../supervisor/process/run-record.ts';
import { resetDatabase } from './reset-database.ts';
import { resetVolume } from './reset-volume.ts';

/**
 * Empties the system: database and volume of this catalog; .env, the secret and the console's build stay.
 * @returns what was removed, for people; undefined where the person thought better of it.
 * @throws OperatorError while it runs; UsageError where nobody can be asked and `yes` is not said.
 */
export async function reset(yes: boolean, signal: AbortSignal): Promise<string[] | undefined> {
  const env = loadEnv();
  prepareDataDirectory(env.DATA_DIR);
  const path = runRecordPath(env.DATA_DIR);
  const claim = claimRun(path);
  if (claim.outcome === 'running')
    throw new OperatorError(
      `It is running (process ${claim.record.supervisor.pid}). Stop it with Ctrl-C where it runs, then reset.`,
    );
  try {
    if (!yes && !(await confirm(env, signal))) return undefined;
    return [await resetDatabase(env), ...resetVolume(env)];
  } finally {
    releaseRun(path);
  }
}

async function confirm(env: Env, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('Nobody is there to be asked. Say --yes to remove everything.');
  const where = env.DATABASE_URL ? 'in the database of DATABASE_URL' : 'in the embedded database';
  const what = `All orders, decisions and accounts ${where} and all event files in ${volumeDirectory(env)} are removed.`;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${what}\nType yes to go on: `, { signal })).trim() === 'yes';
  } finally {
    terminal.close();
  }
}
