import { fileURLToPath } from 'node:url';
import { openDatabaseServer } from '#db/embedded/open.ts';
import { readTrustedProxy } from '#lib/auth/identity/trusted-proxy.ts';
import { readOidcSettings } from '#lib/auth/oidc/index.ts';
import type { NewAccount } from '#lib/auth/people/index.ts';
import { type Env, loadEnv } from '#lib/env.ts';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { type StopRequest, untilAborted } from '../cli/stop-request.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { GRACE_MS, killGroup } from './process/child.ts';
import { isAlive } from './process/process-identity.ts';
import { claimRun, type RunRecord, releaseRun, runRecordPath } from './process/run-record.ts';
import { openScreen, type Screen, withProgressStep } from './screen/screen.ts';
import { choosePort } from './server/choose-port.ts';
import { createContext, type StartContext, type StartOptions } from './start-context.ts';
import { type Ready, startServices } from './start-services.ts';
import { watchDatabase } from './watch-database.ts';

/**
 * Runs the whole system until it is asked to stop, then stops it.
 * @throws OperatorError with one sentence where it cannot start; whatever had started is stopped.
 */
export async function start(options: StartOptions, stop: StopRequest): Promise<void> {
  const env = loadEnv();
  assertSignInSettings(env);
  prepareDataDirectory(env.DATA_DIR);
  const path = runRecordPath(env.DATA_DIR);
  const claim = claimRun(path);
  if (claim.outcome === 'running') throw alreadyRunning(claim.record);
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const screen = openScreen();
  const context = createContext({ env, options, root, screen, stop, record: claim.record });
  try {
    stopOrphans(claim.previous, screen);
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
    : await withProgressStep({ screen, signal: stop.signal }, 'Starting the embedded Postgres', open);
  printReady(await startServices(context, context.server.url), screen);
  if (!env.DATABASE_URL) await watchDatabase(context, open);
  await untilAborted(stop.signal);
}

/** The console reads these settings with its first request; a mistake in them is reported before anything starts. */
function assertSignInSettings(env: Env): void {
  readTrustedProxy(env);
  readOidcSettings(env);
}

function alreadyRunning({ supervisor, url }: RunRecord): OperatorError {
  const where = url ? `at ${url}` : 'and still starting';
  return new OperatorError(
    `It is already running ${where} (process ${supervisor.pid}). Use that one, or stop it first with Ctrl-C where it runs.`,
  );
}

/** Kills the processes of a supervisor that was itself killed: they may still hold the console's port. */
function stopOrphans(previous: RunRecord | undefined, screen: Screen): void {
  for (const [name, identity] of Object.entries(previous?.children ?? {})) {
    if (!isAlive(identity)) continue;
    killGroup(identity.pid);
    screen.warn(`${name} was still running from a start that was killed; it has been stopped.`);
  }
}

/** Prints where the console is and how to sign in; the line on stdout is for programs. */
function printReady({ url, accounts }: Ready, screen: Screen): void {
  screen.print('');
  screen.print(`The Refund Manager is at ${url}`);
  screen.print('');
  for (const line of accounts.length > 0 ? describeAccounts(accounts) : [passwordHint]) screen.print(line);
  screen.print('');
  screen.print(
    'Orders keep arriving in the background. Ctrl-C stops everything; npm start continues from there.',
  );
  process.stdout.write(`ready ${url}\n`);
}

function describeAccounts(accounts: NewAccount[]): string[] {
  const width = Math.max(...accounts.map(({ email }) => email.length));
  const rows = accounts.map(
    ({ email, password, role }) => `  ${email.padEnd(width)}  ${password}  (${role})`,
  );
  return [
    'Sign in with one of these. The passwords are shown only this once and stored only as hashes:',
    ...rows,
  ];
}

const passwordHint =
  'The passwords were shown at the first start. For a new one: npm run password -- reviewer@caspers.local';

/** Stops the background processes, then releases the database; a second request to stop kills them at once. */
async function shutDown({ services, server, screen, stop }: StartContext): Promise<void> {
  if (services.length === 0 && !server) return;
  const step = screen.step('Stopping');
  const kill = () => {
    for (const service of services) service.kill();
  };
  stop.atOnce.addEventListener('abort', kill);
  await Promise.all(services.map((service) => service.stop(GRACE_MS)));
  try {
    await server?.release();
    step.done();
  } catch (error) {
    step.fail();
    screen.warn(messageOf(error));
  }
}
