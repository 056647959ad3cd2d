import type { Env } from '#lib/env.ts';
import { readLastPort } from '../supervisor/data-directory.ts';
import { isAlive } from '../supervisor/process/process-identity.ts';
import { type RunRecord, readRunRecord, runRecordPath } from '../supervisor/process/run-record.ts';
import { choosePort } from '../supervisor/server/choose-port.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const HOST = '127.0.0.1';
const ANSWER_MS = 5000;

/** The `npm start` that is running on this data directory, if any. */
export function findRun({ DATA_DIR }: Env): RunRecord | undefined {
  const record = readRunRecord(runRecordPath(DATA_DIR));
  return record && isAlive(record.supervisor) ? record : undefined;
}

/** Whether the processes of `npm start` are running. */
export function checkProcesses(env: Env, run: RunRecord | undefined): Finding {
  if (!run) return ok('processes', 'It is not running; npm start starts it.');
  const children = Object.entries(run.children);
  const dead = children.filter(([, identity]) => !isAlive(identity)).map(([name]) => name);
  if (dead.length === 0) return ok('processes', `${children.map(([name]) => name).join(', ')} are running.`);
  return warn('processes', `Down and being restarted: ${dead.join(', ')}. See ${env.DATA_DIR}/logs.`);
}

/** Whether the console answers if it is running, or could be opened if it is not. */
export async function checkPort(env: Env, run: RunRecord | undefined): Promise<Finding> {
  if (run?.url) return checkAnswer(run.url);
  if (run) return warn('port', 'The console is not open yet; npm start is still starting.');
  try {
    const port = await choosePort({ wanted: env.PORT, last: readLastPort(env.DATA_DIR), host: HOST });
    return ok('port', `${port} is free.`);
  } catch (error) {
    return fail('port', error instanceof Error ? error.message : String(error));
  }
}

async function checkAnswer(url: string): Promise<Finding> {
  try {
    const { status } = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (status === 200) return ok('port', `The console answers at ${url}.`);
    return fail('port', `The console at ${url} answers with ${status}. Stop npm start and start it again.`);
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    const failure = isTimeout ? 'does not answer in time' : 'does not answer';
    return fail('port', `The console at ${url} ${failure}. Stop npm start and start it again.`);
  }
}
