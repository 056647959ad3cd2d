import { createHash } from 'node:crypto';
import { advisoryLocks } from '../advisory-locks.ts';
import { onServer, withDatabase } from '../maintenance.ts';
import { migrateDatabase } from '../migrate/migrate.ts';
import { hashSqlSource, readSqlSource } from '../migrate/sql-source.ts';
import { rightsHash } from '../roles/apply-roles.ts';
import { schemaVersion } from '../schema-version.ts';

/** The name of the template for the current migrations, definitions, version of the schema and roles. */
export function templateName(): string {
  const hash = createHash('sha256')
    .update(hashSqlSource(readSqlSource()))
    .update(String(schemaVersion))
    .update(rightsHash)
    .digest('hex');
  return `caspers_template_${hash.slice(0, 12)}`;
}

/** Creates the migrated template database on a server unless it exists; a second process waits. */
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
