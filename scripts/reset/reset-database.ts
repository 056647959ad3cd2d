import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import pg from 'pg';
import { named, text } from '#db/columns.ts';
import { openDatabaseServer } from '#db/embedded/open.ts';
import { withDatabase } from '#db/maintenance.ts';
import { openSession } from '#db/session.ts';
import { statement } from '#db/statement.ts';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';

const SCHEMAS = ['simulator', 'lakeflow', 'recommender', 'ai', 'refunds', 'auth', 'migrations'];

/**
 * Empties the database: the embedded one is dropped and created again; in that of DATABASE_URL only the project's
 * schemas are dropped. @returns one sentence that says what was removed.
 * @throws OperatorError while one of the project's commands is connected to it.
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
    await assertUnused(client, name);
    await client.query(`drop database if exists ${quoted} with (force)`);
    await client.query(`create database ${quoted}`);
  });
  return `Removed everything in the embedded database ${name}.`;
}

async function dropSchemas(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const name = client.database ?? '';
    await assertUnused(client, name);
    await client.query('begin');
    await client.query(`drop schema if exists ${SCHEMAS.join(', ')} cascade`);
    await client.query('drop function if exists public.describe_history(text), public.refuse_change()');
    await client.query('drop table if exists drizzle.__drizzle_migrations');
    await client.query(dropEmptySchema);
    await client.query('commit');
    return `Removed the schemas ${SCHEMAS.join(', ')} from the database ${name}.`;
  });
}

/** The migrations of versions before the first release; another program may use the schema too, then it is kept. */
const dropEmptySchema = `
  do $$ begin
    drop schema if exists drizzle;
  exception when dependent_objects_still_exist then
    raise notice 'the schema drizzle holds other tables and is kept';
  end $$`;

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const config = { connectionString: url, application_name: 'caspers reset' };
  const client = await openSession(config, { lock_timeout: '10s' });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const listCommands = statement({
  params: { database: text },
  returns: { name: named('application_name', text) },
  sql: ({ database }) => sql`
    -- one row for each of the project's commands that is connected
    select distinct application_name
    from pg_stat_activity
    where datname = ${database} and application_name like 'caspers %' and pid <> pg_backend_pid()`,
});

async function assertUnused(client: pg.Client, database: string): Promise<void> {
  const commands = await listCommands(client, { database });
  if (commands.length === 0) return;
  const names = commands.map(({ name }) => name).join(', ');
  throw new OperatorError(`The database is in use by ${names}. Stop that first; nothing was removed.`);
}
