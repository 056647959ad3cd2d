import { join } from 'node:path';
import { connect, type Database } from '#db/client.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { hasRoles } from '#db/roles/assume-role.ts';
import type { NewAccount } from '#lib/auth/people/index.ts';
import { ensureAccounts } from '#lib/auth/people/index.ts';
import { systemClock } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import { loadDimensions } from '#lib/simulator/index.ts';
import { digestOfSources, isBuildNeeded } from './build-digest.ts';
import { readLastPort, writeLastPort } from './data-directory.ts';
import { hasQueue, runFirstData } from './first-data.ts';
import { inStep } from './in-step.ts';
import { openConsole } from './open-console.ts';
import { runService } from './run-service.ts';
import { runStep } from './run-step.ts';
import type { ScriptCall, StartContext } from './start-context.ts';

/** What a person needs to know once everything runs; `accounts` are those made just now. */
export type Ready = { url: string; accounts: NewAccount[] };

/** Brings everything up on a database: schema, dimensions, build and first data, console, background commands. */
export async function bringUp(context: StartContext, databaseUrl: string): Promise<Ready> {
  const database = connect({ url: databaseUrl, applicationName: 'caspers start', max: 1 });
  try {
    await prepareDatabase(context, database, databaseUrl);
    await requireLocation(database, context.options.location);
    await prepareContent(context, await hasQueue(database));
    const url = await openDoors(context);
    return { url, accounts: await ensureAccounts(database, systemClock.now()) };
  } finally {
    await database.close();
  }
}

async function prepareDatabase(context: StartContext, database: Database, url: string): Promise<void> {
  await inStep(
    context,
    'Bringing the database to this version',
    () => migrateDatabase(url),
    (applied) => (applied === 0 ? 'it is' : `${applied} migrations`),
  );
  if (!(await hasRoles(database.pool)))
    context.screen.warn(
      'The user of DATABASE_URL may not make roles, so every part of the system works with all rights of that user.',
    );
  await inStep(
    context,
    'Loading kitchens, brands and menus',
    () => loadDimensions(database, join(context.root, 'data', 'dimensional')),
    ({ changed }) => (changed ? 'loaded' : 'nothing new'),
  );
}

/** The simulator would refuse the location too, but only in the background. */
async function requireLocation({ pool }: Database, wanted: string): Promise<void> {
  const { rows } = await pool.query<{ code: string }>(
    'select location_code as code from simulator.locations order by location_id',
  );
  const known = [...rows.map(({ code }) => code), 'all'];
  if (!known.includes(wanted))
    throw new UsageError(`There is no location "${wanted}". Choose one of ${known.join(', ')}.`);
}

/** The build and the first data share nothing, so they run at the same time; when one fails the other is stopped. */
async function prepareContent(context: StartContext, filled: boolean): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.stop.signal, failed.signal]);
  const { dev } = context.options;
  const tasks: Promise<unknown>[] = [];
  if (!dev && isBuildNeeded(context.root, digestOfSources(context.root, context.env)))
    tasks.push(
      runStep(context, { label: 'Building the console', spec: context.command('build.ts', []) }, signal),
    );
  if (!filled) tasks.push(runFirstData(context, signal));
  await Promise.all(tasks.map((task) => task.catch((error: unknown) => failed.abort(error))));
  signal.throwIfAborted();
}

async function openDoors(context: StartContext): Promise<string> {
  const { env, options } = context;
  const { url, port } = await inStep(context, 'Opening the console', () =>
    openConsole(context, readLastPort(env.DATA_DIR)),
  );
  writeLastPort(env.DATA_DIR, port);
  context.updateRecord({ url });
  for (const [script, ...args] of backgroundCommands(options))
    runService(context, () => context.command(script, args));
  return url;
}

function backgroundCommands({ simulate, location }: StartContext['options']): ScriptCall[] {
  const simulator: ScriptCall = ['simulate.ts', '--live', '--location', location];
  const flow = ['pipeline.ts', 'recommend.ts', 'sync.ts'].map(
    (script): ScriptCall => [script, '--continuous'],
  );
  return simulate ? [simulator, ...flow] : flow;
}
