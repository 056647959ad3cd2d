import { existsSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Env, loadEnv, volumeDirectory } from '#lib/env.ts';
import { OperatorError, UsageError } from '#lib/errors.ts';
import { prepareDataDirectory } from '../supervisor/data-directory.ts';
import { claimRun, releaseRun, runRecordPath } from '../supervisor/process/run-record.ts';
import { resetDatabase } from './reset-database.ts';

/**
 * Empties the system: its database and the volume of this catalog. `.env`, the secret and the console's build are kept.
 * @returns one sentence for each thing that was removed; undefined where the person did not confirm.
 * @throws OperatorError while the system is running; UsageError without `yes` where there is no terminal to ask on.
 */
export async function reset(yes: boolean, signal: AbortSignal): Promise<string[] | undefined> {
  const env = loadEnv();
  prepareDataDirectory(env.DATA_DIR);
  const path = runRecordPath(env.DATA_DIR);
  const claim = claimRun(path);
  if (claim.outcome === 'running')
    throw new OperatorError(
      `The system is running (process ${claim.record.supervisor.pid}). Stop it with Ctrl-C where it runs, then reset.`,
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
    throw new UsageError('There is no terminal to ask on. Add --yes to remove everything.');
  const where = env.DATABASE_URL ? 'in the database of DATABASE_URL' : 'in the embedded database';
  const what = `All orders, decisions and accounts ${where} and all event files in ${volumeDirectory(env)} will be removed.`;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${what}\nType yes to continue: `, { signal })).trim() === 'yes';
  } finally {
    terminal.close();
  }
}

/** Removes the event files of this catalog and the simulator's state beside them. */
function resetVolume(env: Env): string[] {
  const volume = volumeDirectory(env);
  return [
    removeDirectory(volume, 'event files'),
    removeDirectory(`${resolve(volume)}-state`, 'files of simulator state'),
  ];
}

function removeDirectory(directory: string, contents: string): string {
  if (!existsSync(directory)) return `There were no ${contents} in ${directory}.`;
  const count = readdirSync(directory).length;
  rmSync(directory, { recursive: true });
  return `Removed ${count} ${contents} in ${directory}.`;
}
