import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '#db/embedded/open.ts';
import { onServer, withDatabase } from '#db/maintenance.ts';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import { loadEnv } from '#lib/env.ts';
import { silentLog } from '#lib/log.ts';

export type OpenDatabase = { url: string; close(): Promise<void> };

/** Creates a migrated, empty database for this run on the server of the tests; `close` drops it. */
export async function openDatabase(): Promise<OpenDatabase> {
  const server = await openServer();
  const run = randomUUID().slice(0, 8);
  const name = `caspers_test_${run}_e2e`;
  const presence = await announce(server.url, run);
  await onServer(server.url, (client) => client.query(`create database ${name}`));
  const url = withDatabase(server.url, name);
  await migrateDatabase(url);
  return {
    url,
    close: async () => {
      await onServer(server.url, (client) => client.query(`drop database ${name} with (force)`));
      await presence.end();
      await server.release();
    },
  };
}

async function openServer() {
  const env = loadEnv();
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  const directory = resolve(env.DATA_DIR, 'test/postgres');
  return openEmbedded({ directory, durable: false, log: silentLog });
}

/** The name of this connection shows other test runs on the server that the database is in use. */
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
