import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { advisoryLocks } from './advisory-locks.ts';
import { migrateDatabase } from './migrate.ts';
import { withDatabase } from './url.ts';

/** The name of the template for the present migrations and roles. */
export function templateName(): string {
  const hash = createHash('sha256');
  for (const [path, ending] of [
    ['../drizzle/', '.sql'],
    ['./roles/', '.ts'],
  ] as const) {
    const folder = new URL(path, import.meta.url);
    const files = readdirSync(folder).filter((entry) => entry.endsWith(ending));
    for (const file of files.sort()) hash.update(file).update(readFileSync(new URL(file, folder)));
  }
  return `caspers_template_${hash.digest('hex').slice(0, 12)}`;
}

/** Makes the migrated template database on a server unless it stands there; whoever comes second waits. */
export async function createTemplate(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.testTemplate]);
    const found = await client.query('select from pg_database where datname = $1 and datistemplate', [name]);
    if (found.rowCount) return;
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name}`);
    await migrateDatabase(withDatabase(serverUrl, name));
    await client.query(`alter database ${name} is_template true allow_connections false`);
  });
}

/** Drops a template, if it is one. */
export async function dropTemplate(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.testTemplate]);
    const found = await client.query('select from pg_database where datname = $1', [name]);
    if (!found.rowCount) return;
    await client.query(`alter database ${name} is_template false`);
    await client.query(`drop database ${name}`);
  });
}

/** Runs `work` on one connection to the server's maintenance database. */
export async function onServer<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
