import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabaseServer } from '#db/server.ts';
import { withDatabase } from '#db/url.ts';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';

const SCHEMAS = ['simulator', 'lakeflow', 'recommender', 'ai', 'refunds', 'auth'];

/**
 * Empties the database: the embedded one is dropped and made anew, in one of DATABASE_URL only what is ours goes.
 * @returns what was removed, for people.
 * @throws OperatorError where one of the project's commands is at work in it.
 */
export async function resetDatabase(env: Env): Promise<string> {
  if (!env.DATABASE_URL && !existsSync(join(env.DATA_DIR, 'postgres')))
    return 'There was no embedded database.';
  const server = await openDatabaseServer(env, silentLog);
  try {
    return env.DATABASE_URL ? await dropSchemas(server.url) : await recreate(server.url);
  } finally {
    await server.release();
  }
}

async function recreate(url: string): Promise<string> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const quoted = pg.escapeIdentifier(name);
  await withClient(withDatabase(url, 'postgres'), async (client) => {
    await refuseWhileUsed(client, name);
    await client.query(`drop database if exists ${quoted} with (force)`);
    await client.query(`create database ${quoted}`);
  });
  return `Removed everything in the embedded database ${name}.`;
}

async function dropSchemas(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    const name = rows[0]?.name ?? '';
    await refuseWhileUsed(client, name);
    await client.query('begin');
    await client.query(`drop schema if exists ${SCHEMAS.join(', ')} cascade`);
    await client.query('drop function if exists public.describe_history(text), public.refuse_change()');
    await client.query('drop table if exists drizzle.__drizzle_migrations');
    await client.query(dropEmptySchema);
    await client.query('commit');
    return `Removed the schemas ${SCHEMAS.join(', ')} from the database ${name}.`;
  });
}

/** Another program may keep its migrations in the schema of that name too; then it stays. */
const dropEmptySchema = `
  do $$ begin
    drop schema if exists drizzle;
  exception when dependent_objects_still_exist then
    raise notice 'the schema drizzle holds more and stays';
  end $$`;

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'caspers reset',
    options: '-c lock_timeout=10s',
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function refuseWhileUsed(client: pg.Client, database: string): Promise<void> {
  const { rows } = await client.query<{ application_name: string }>(
    `
    -- one row per command of ours that is connected
    select distinct application_name
    from pg_stat_activity
    where datname = $1 and application_name like 'caspers %' and pid <> pg_backend_pid()`,
    [database],
  );
  if (rows.length === 0) return;
  const names = rows.map((row) => row.application_name).join(', ');
  throw new OperatorError(`The database is in use by ${names}. Stop that first; nothing was removed.`);
}
