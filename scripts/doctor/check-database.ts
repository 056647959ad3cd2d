import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Database } from '#db/client.ts';
import { describeError } from '#db/connection-error.ts';
import { openDatabaseServer } from '#db/server.ts';
import { type Env, volumeDirectory } from '#lib/env.ts';
import { messageOf } from '#lib/errors.ts';
import { checkReadiness } from '#lib/health/index.ts';
import { silentLog } from '#lib/log.ts';
import { checkLedger } from './check-ledger.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const NAME = 'Postgres';

/** Checks the database and what it knows: version, schema, ledger against volume, lag of the sync. */
export async function checkDatabase(env: Env, isRunning: boolean): Promise<Finding[]> {
  if (!env.DATABASE_URL && !existsSync(join(env.DATA_DIR, 'postgres')))
    return [ok(NAME, 'The embedded one is not made yet; the first npm start makes it.')];
  try {
    const server = await openDatabaseServer(env, silentLog);
    const database = connect({ url: server.url, applicationName: 'caspers doctor', max: 1 });
    try {
      return await checkContents(database, env, isRunning);
    } finally {
      await database.close();
      await server.release();
    }
  } catch (error) {
    return [fail(NAME, describeError(error)?.message ?? messageOf(error))];
  }
}

async function checkContents(database: Database, env: Env, isRunning: boolean): Promise<Finding[]> {
  const version = await checkVersion(database, env);
  if (await isEmpty(database)) return [version, ok('schema', 'The database is empty; npm start fills it.')];
  const { checks } = await checkReadiness(database);
  if (!checks.schema.ok) return [version, fail('schema', checks.schema.detail)];
  const { ok: inTime, detail, lagSeconds } = checks.sync;
  const sync = inTime
    ? ok('sync', detail)
    : warn('sync', `${detail} ${isRunning ? waitingFor(lagSeconds) : catchUp}`);
  const ledger = await checkLedger(database, volumeDirectory(env), isRunning);
  return [version, ok('schema', checks.schema.detail), ...ledger, sync];
}

async function isEmpty({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ empty: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is null as empty`,
  );
  return rows[0]?.empty ?? true;
}

const catchUp = 'npm start or npm run sync -- --once brings them over.';
const waitingFor = (seconds: number) =>
  `The oldest waits since ${Math.round(seconds)} s; see the log of sync.`;

async function checkVersion({ pool }: Database, env: Env): Promise<Finding> {
  const { rows } = await pool.query<{ version: string; number: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::integer as number`,
  );
  const { version = '', number = 0 } = rows[0] ?? {};
  const kind = env.DATABASE_URL ? 'that of DATABASE_URL' : 'embedded';
  if (number >= 150_000) return ok(NAME, `${version}, ${kind}.`);
  return fail(NAME, `${version}, ${kind}, is too old: 15 or later is needed.`);
}
