import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import { connect, type Database } from '#db/client.ts';
import { boolean, named, text } from '#db/columns.ts';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import { hasRoles } from '#db/roles/assume-role.ts';
import { statement } from '#db/statement.ts';
import { ensureAccounts, type NewAccount } from '#lib/auth/people/index.ts';
import { systemClock } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import { loadDimensions } from '#lib/simulator/index.ts';
import { readLastPort, writeLastPort } from './data-directory.ts';
import { openConsole } from './open-console.ts';
import { type CommandStep, runCommandStep, runService } from './run-command.ts';
import { withProgressStep } from './screen/screen.ts';
import { digestOfSources, isBuildNeeded } from './server/build-console.ts';
import type { ScriptCall, StartContext } from './start-context.ts';

/** Where the console answers, and the accounts that were just created. */
export type Ready = { url: string; accounts: NewAccount[] };

/** Prepares a database, builds the console, makes the first data, and starts the console and the background commands. */
export async function startServices(context: StartContext, databaseUrl: string): Promise<Ready> {
  const database = connect({ url: databaseUrl, applicationName: 'caspers start', max: 1 });
  try {
    await prepareDatabase(context, database, databaseUrl);
    await assertLocationExists(database, context.options.location);
    await prepareContent(context, database);
    const url = await startProcesses(context);
    return { url, accounts: await ensureAccounts(database, systemClock.now()) };
  } finally {
    await database.close();
  }
}

async function prepareDatabase(context: StartContext, database: Database, url: string): Promise<void> {
  await step(
    context,
    'Migrating the database',
    () => migrateDatabase(url),
    ({ migrations, definitions }) =>
      migrations + definitions === 0 ? 'up to date' : `${migrations} migrations, ${definitions} definitions`,
  );
  if (!(await hasRoles(database.pool)))
    context.screen.warn(
      'The user of DATABASE_URL may not create roles, so every part of the system works with all rights of that user.',
    );
  await step(
    context,
    'Loading kitchens, brands and menus',
    () => loadDimensions(database, join(context.root, 'data', 'dimensional')),
    ({ changed }) => (changed ? 'loaded' : 'unchanged'),
  );
}

function step<Result>(
  { screen, stop }: StartContext,
  label: string,
  work: () => Promise<Result>,
  note?: (result: Result) => string,
): Promise<Result> {
  return withProgressStep({ screen, signal: stop.signal }, label, work, note);
}

const listLocations = statement({
  returns: { code: named('location_code', text) },
  sql: () => sql`select location_code from simulator.locations order by location_id`,
});

/** The simulator would refuse an unknown location too, but only in the background. */
async function assertLocationExists({ pool }: Database, location: string): Promise<void> {
  const known = [...(await listLocations(pool, {})).map(({ code }) => code), 'all'];
  if (!known.includes(location))
    throw new UsageError(`There is no location "${location}". Choose one of ${known.join(', ')}.`);
}

const checkQueue = statement({
  returns: { hasRows: boolean },
  sql: () => sql`select exists (select from recommender.pg_recommendations) as has_rows`,
});

/** The build and the first data do not depend on each other, so they run at the same time; if one fails, the other stops. */
async function prepareContent(context: StartContext, { pool }: Database): Promise<void> {
  const [queue] = await checkQueue(pool, {});
  const failed = new AbortController();
  const signal = AbortSignal.any([context.stop.signal, failed.signal]);
  const { dev } = context.options;
  const tasks: Promise<unknown>[] = [];
  if (!dev && isBuildNeeded(context.root, digestOfSources(context.root, context.env)))
    tasks.push(
      runCommandStep(
        context,
        { label: 'Building the console', spec: context.command('build.ts', []) },
        signal,
      ),
    );
  if (!queue?.hasRows) tasks.push(makeFirstData(context, signal));
  await Promise.all(tasks.map((task) => task.catch((error: unknown) => failed.abort(error))));
  signal.throwIfAborted();
}

/**
 * Fills an empty system: some days of orders up to now, through the pipeline and the recommender into the queue. Each
 * command continues where an interrupted start left it, so it is safe to run again.
 */
async function makeFirstData(context: StartContext, signal: AbortSignal): Promise<void> {
  const { days, location, simulate } = context.options;
  const run = (label: string, [script, ...args]: ScriptCall, note: CommandStep['note']) =>
    runCommandStep(context, { label, spec: context.command(script, args), note }, signal);
  if (simulate)
    await run(
      `Simulating ${days} days of orders for ${location}`,
      ['simulate.ts', '--days', `${days}`, '--location', location, '--json'],
      countOf('orders', 'orders'),
    );
  await run('Ingesting the event files', ['pipeline.ts', '--once'], countOf('events', 'events'));
  await run('Scoring the delivered orders', ['recommend.ts', '--once'], countOf('added', 'recommendations'));
  await run('Filling the review queue', ['sync.ts', '--once'], countOf('written', 'rows'));
}

/** Reads one count of the JSON that a command prints, summed up if that is a list: `552 orders`. */
function countOf(key: string, unit: string): (result: string) => string {
  return (result) => {
    const reports: Record<string, number>[] = [JSON.parse(result)].flat();
    return `${reports.reduce((sum, report) => sum + (report[key] ?? 0), 0).toLocaleString('en')} ${unit}`;
  };
}

/** Starts the console, waits until it answers, and starts the background commands. @returns the console's URL. */
async function startProcesses(context: StartContext): Promise<string> {
  const { env, options } = context;
  const { url, port } = await step(context, 'Starting the console', () =>
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
