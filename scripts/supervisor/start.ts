import { fileURLToPath } from 'node:url';
import { openDatabaseServer } from '#db/server.ts';
import { readTrustedProxy } from '#lib/auth/identity/trusted-proxy.ts';
import { readOidcSettings } from '#lib/auth/oidc/index.ts';
import { type Env, loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { type StopRequest, untilAborted } from '../cli/stop-request.ts';
import { bringUp } from './bring-up.ts';
import { killGroup } from './child.ts';
import { choosePort } from './choose-port.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { inStep } from './in-step.ts';
import { isAlive } from './process-identity.ts';
import { claimRun, type RunRecord, releaseRun, runRecordPath } from './run-record.ts';
import { openScreen, type Screen } from './screen.ts';
import { showReady } from './show-ready.ts';
import { shutDown } from './shut-down.ts';
import { createContext, type StartContext, type StartOptions } from './start-context.ts';
import { watchDatabase } from './watch-database.ts';

/**
 * Runs the whole system until it is asked to stop, then stops it.
 * @throws OperatorError with one sentence where it cannot come up; what was up by then is stopped.
 */
export async function start(options: StartOptions, stop: StopRequest): Promise<void> {
  const env = loadEnv();
  checkSignIn(env);
  prepareDataDirectory(env.DATA_DIR);
  const path = runRecordPath(env.DATA_DIR);
  const claim = claimRun(path);
  if (claim.outcome === 'running') throw alreadyRunning(claim.record);
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const screen = openScreen();
  const context = createContext({ env, options, root, screen, stop, record: claim.record });
  try {
    endLeftovers(claim.previous, screen);
    await run(context);
  } finally {
    await shutDown(context);
    releaseRun(path);
    screen.close();
  }
}

async function run(context: StartContext): Promise<void> {
  const { env, options, screen, stop } = context;
  if (env.PORT !== undefined) await choosePort({ wanted: env.PORT, host: options.host });
  const open = () => openDatabaseServer(env, silentLog);
  context.server = env.DATABASE_URL
    ? await open()
    : await inStep(context, 'Starting the embedded Postgres', open);
  showReady(await bringUp(context, context.server.url), screen);
  if (!env.DATABASE_URL) await watchDatabase(context, open);
  await untilAborted(stop.signal);
}

/** How people sign in is read with the first request; a mistake in it is told before anything starts. */
function checkSignIn(env: Env): void {
  readTrustedProxy(env);
  readOidcSettings(env);
}

function alreadyRunning({ supervisor, url }: RunRecord): OperatorError {
  const where = url ? `at ${url}` : 'and coming up';
  return new OperatorError(
    `It is already running ${where} (process ${supervisor.pid}). Use that one, or stop it first with Ctrl-C where it runs.`,
  );
}

/** Ends what a start that was killed left behind, which then still holds a port. */
function endLeftovers(previous: RunRecord | undefined, screen: Screen): void {
  for (const [name, identity] of Object.entries(previous?.children ?? {})) {
    if (!isAlive(identity)) continue;
    killGroup(identity.pid);
    screen.warn(`${name} was left behind by a start that was killed; it is ended.`);
  }
}
