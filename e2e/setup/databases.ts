import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openTestServer } from '#db/embedded/open.ts';
import { onServer, withDatabase } from '#db/maintenance.ts';
import { loadEnv } from '#lib/env.ts';

/** The server of the tests; the names of all databases of a run begin with `prefix`. */
export type DatabaseServer = { url: string; prefix: string };
export type OpenDatabase = { name: string; url: string; close(): Promise<void> };

/** Opens the server of the tests for one run; `close` drops every database of the run, those of killed workers too. */
export async function openServer(): Promise<DatabaseServer & { close(): Promise<void> }> {
  const server = await openTestServer(loadEnv());
  const run = randomUUID().slice(0, 8);
  const prefix = `caspers_test_${run}_e2e_`;
  const presence = await announce(server.url, run);
  return {
    url: server.url,
    prefix,
    close: async () => {
      const { rows } = await presence.query<{ name: string }>(
        'select datname as name from pg_database where starts_with(datname, $1)',
        [prefix],
      );
      for (const { name } of rows) await presence.query(`drop database ${name} with (force)`);
      await presence.end();
      await server.release();
    },
  };
}

/** Creates a database of the run: empty, or a copy of `template`. `close` drops it. */
export async function createDatabase(server: DatabaseServer, template?: string): Promise<OpenDatabase> {
  const name = `${server.prefix}${randomUUID().slice(0, 8)}`;
  const source = template ? ` template ${template}` : '';
  await onServer(server.url, (client) => client.query(`create database ${name}${source}`));
  return {
    name,
    url: withDatabase(server.url, name),
    close: () =>
      onServer(server.url, async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

/** Ends every connection to a database and allows none, so that it can be copied at any time. */
export async function closeTemplate(server: DatabaseServer, name: string): Promise<void> {
  await onServer(server.url, async (client) => {
    await client.query(`alter database ${name} allow_connections false`);
    await client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [
      name,
    ]);
  });
}

/** The name of this connection shows other test runs on the server that the databases of this run are in use. */
async function announce(url: string, run: string): Promise<pg.Client> {
  const presence = new pg.Client({
    connectionString: withDatabase(url, 'postgres'),
    application_name: `caspers run ${run} none`,
    keepAlive: true,
  });
  presence.on('error', () => undefined);
  await presence.connect();
  return presence;
}
