import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { connect, type Database } from './client.ts';
import { migrateDatabase } from './migrate.ts';

export type TestDatabase = Database & { url: string };

const TEMPLATE_LOCK = 4_027_002;

/** The URL of another database on the same server. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Makes the migrated template database on a server, once per content of `drizzle/`. @returns its name. */
export async function createTemplate(serverUrl: string): Promise<string> {
  const name = `caspers_template_${migrationsDigest()}`;
  await onServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1 and datistemplate', [
      name,
    ]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name}`);
    await migrateDatabase(withDatabase(serverUrl, name));
    await client.query(`alter database ${name} is_template true`);
  });
  return name;
}

/** Clones the template into a database of its own; `close` drops it. The server is that of TEST_SERVER_URL. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const template = await createTemplate(serverUrl);
  const name = `caspers_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, (client) => client.query(`create database ${name} template ${template}`));
  const url = withDatabase(serverUrl, name);
  const database = connect({ url, applicationName: 'caspers test' });
  return {
    ...database,
    url,
    close: async () => {
      await database.close();
      await onServer(serverUrl, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function migrationsDigest(): string {
  const folder = new URL('../drizzle/', import.meta.url);
  const hash = createHash('sha256');
  for (const file of readdirSync(folder)
    .filter((entry) => entry.endsWith('.sql'))
    .sort())
    hash.update(file).update(readFileSync(new URL(file, folder)));
  return hash.digest('hex').slice(0, 12);
}
