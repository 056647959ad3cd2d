import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import { connect, type Database } from '#db/client.ts';
import { boolean, integer, text } from '#db/columns.ts';
import { describeError } from '#db/connection-error.ts';
import { openDatabaseServer } from '#db/embedded/open.ts';
import { hasRoles } from '#db/roles/assume-role.ts';
import { readSchemaState } from '#db/schema-version.ts';
import { statement } from '#db/statement.ts';
import { type Env, volumeDirectory } from '#lib/env.ts';
import { messageOf } from '#lib/errors.ts';
import { checkReadiness, countWaitingFiles } from '#lib/health/index.ts';
import { silentLog } from '#lib/log.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const NAME = 'Postgres';

/** Checks the server's version, the schema, the ledger of ingested files against the volume, the lag of the sync, and silent locations. */
export async function checkDatabase(env: Env, isRunning: boolean): Promise<Finding[]> {
  if (!env.DATABASE_URL && !existsSync(join(env.DATA_DIR, 'postgres')))
    return [ok(NAME, 'There is no embedded one yet; the first npm start creates it.')];
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
  if ((await readSchemaState(database.pool)) === 'empty')
    return [version, ok('schema', 'The database is empty; npm start fills it.')];
  const { checks } = await checkReadiness(database);
  if (!checks.schema.ok) return [version, fail('schema', checks.schema.detail)];
  const { ok: isInTime, detail, lagSeconds } = checks.sync;
  const sync = isInTime
    ? ok('sync', detail)
    : warn('sync', `${detail} ${isRunning ? describeLag(lagSeconds) : SYNC_HINT}`);
  const agent = checks.agent.ok ? ok('agent', checks.agent.detail) : warn('agent', checks.agent.detail);
  const ledger = await checkLedger(database, volumeDirectory(env), isRunning);
  const silent = checks.locations.ok ? [] : [warn('locations', `${checks.locations.detail} ${SILENT_HINT}`)];
  return [
    version,
    ok('schema', checks.schema.detail),
    ...(await checkRights(database)),
    ...ledger,
    sync,
    ...silent,
    agent,
  ];
}

const SYNC_HINT = 'npm start or npm run sync -- --once brings the console up to date.';
const SILENT_HINT =
  'Find out whether they are closed or their events are lost; docs/operating-the-pipeline.md.';
const describeLag = (seconds: number) =>
  `The oldest has been waiting for ${Math.round(seconds)} s; see the log of sync.`;

const getServerVersion = statement({
  returns: { version: text, number: integer },
  sql: () => sql`
    select current_setting('server_version') as version, current_setting('server_version_num')::integer as number`,
});

async function checkVersion({ pool }: Database, env: Env): Promise<Finding> {
  const [{ version, number } = { version: '', number: 0 }] = await getServerVersion(pool, {});
  const kind = env.DATABASE_URL ? 'that of DATABASE_URL' : 'embedded';
  if (number >= 150_000) return ok(NAME, `${version}, ${kind}.`);
  return fail(NAME, `${version}, ${kind}, is too old: 15 or later is needed.`);
}

const getRights = statement({
  returns: { user: text, mayUseTemporary: boolean },
  sql: () => sql`
    select session_user::text as "user",
      has_database_privilege(session_user, current_database(), 'temporary') as may_use_temporary`,
});

/** Roles are optional: a managed service may not let its user create any. */
async function checkRights({ pool }: Database): Promise<Finding[]> {
  const [{ user, mayUseTemporary } = { user: '', mayUseTemporary: true }] = await getRights(pool, {});
  const roles = (await hasRoles(pool))
    ? ok('roles', 'Every part of the system works under a role of its own.')
    : ok('roles', `The user ${user} may not create roles, so every part works with all of its rights.`);
  if (mayUseTemporary) return [roles];
  const hint = `grant temporary on database … to ${user}`;
  return [roles, fail('rights', `The pipeline needs temporary tables. As the owner, run: ${hint}.`)];
}

/** Files that a running pipeline may not have ingested yet. */
const MAX_BACKLOG = 5;

const listIngestedFiles = statement({
  params: { volume: text },
  returns: { path: text },
  sql: ({ volume }) => sql`select distinct path from lakeflow.ingested_files where volume = ${volume}`,
});

/** Compares the ledger of ingested files with the volume, both ways. */
async function checkLedger(database: Database, volume: string, isRunning: boolean): Promise<Finding[]> {
  const waiting = await countWaitingFiles(database, volume);
  const ingested = await listIngestedFiles(database.pool, { volume: resolve(volume) });
  const missing = ingested.filter(({ path }) => !existsSync(join(volume, path))).length;
  return [describeBacklog(waiting, isRunning), describeMissing(missing, ingested.length)];
}

function describeBacklog(waiting: number, isRunning: boolean): Finding {
  if (waiting === 0) return ok('backlog', 'Every event file has been ingested.');
  const detail = `${waiting} event files are waiting.`;
  if (isRunning && waiting <= MAX_BACKLOG) return ok('backlog', detail);
  return warn('backlog', `${detail} npm start or npm run pipeline -- --once ingests them.`);
}

function describeMissing(missing: number, ingested: number): Finding {
  if (missing === 0) return ok('ledger', `${ingested} files have been ingested and all of them still exist.`);
  return warn(
    'ledger',
    `${missing} of ${ingested} ingested files no longer exist. Their events are kept; restore the files before a rebuild.`,
  );
}
