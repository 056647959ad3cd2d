import { sql } from 'drizzle-orm/sql';
import type pg from 'pg';
import { OperatorError } from '#lib/errors.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { boolean, integer, oneOf, text } from '../columns.ts';
import { createRoles, grantRights, rightsHash } from '../roles/apply-roles.ts';
import { describeSchema, readSchemaState } from '../schema-version.ts';
import { openSession } from '../session.ts';
import { statement } from '../statement.ts';
import { dropDefinition, installDefinition, runFile } from './install.ts';
import {
  type Definition,
  definitionKinds,
  type Migration,
  readSqlSource,
  type SqlSource,
} from './sql-source.ts';

/** How many migrations were applied, and how many definitions were installed. */
export type Migrated = { migrations: number; definitions: number };

/**
 * Brings a database to the schema of this version, in one transaction, one migrator at a time: first the migrations that
 * it does not have, then the definitions that have changed, then the rights of the roles, where the user of the URL may
 * create roles.
 * @throws OperatorError where the server is older than Postgres 15, or where the database is newer than this version,
 * was made before the first release, or had a migration applied whose text has changed since.
 */
export async function migrateDatabase(url: string, source: SqlSource = readSqlSource()): Promise<Migrated> {
  const client = await openSession({ connectionString: url, application_name: 'caspers migrate' });
  try {
    await requirePostgres15(client);
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.migrations]);
    return await bringUpToDate(client, source);
  } finally {
    // Ends a transaction that was not committed.
    await client.end();
  }
}

async function bringUpToDate(client: pg.Client, source: SqlSource): Promise<Migrated> {
  const state = await readSchemaState(client, source.version);
  if (state === 'newer' || state === 'unsupported') throw new OperatorError(describeSchema(state));
  const applied = state === 'empty' ? [] : await listApplied(client, {});
  const changes = compare(await withoutForbidden(client, source), applied);
  const hasChanges = Object.values(changes).some((list) => list.length > 0);
  const wantsRights = hasChanges || hashIn(applied, 'rights', 'roles') !== rightsHash;
  const grants = wantsRights && (await createRoles(client));
  if (!hasChanges && !grants && state === 'current') return { migrations: 0, definitions: 0 };

  await client.query('begin');
  await client.query(recordTables);
  await applyChanges(client, changes);
  if (grants) {
    await grantRights(client);
    await record(client, 'rights', 'roles', rightsHash);
  }
  await client.query('update migrations.version set version = $1, migrated_at = now()', [source.version]);
  await client.query('commit');
  return { migrations: changes.migrations.length, definitions: changes.definitions.length };
}

const mayCreateInPublic = statement({
  returns: { isAllowed: boolean },
  sql: () =>
    sql`select coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'create'), false) as is_allowed`,
});

/** The definitions that the user may install: those of the schema public serve people, and only some users own it. */
async function withoutForbidden(client: pg.Client, source: SqlSource): Promise<SqlSource> {
  const [row] = await mayCreateInPublic(client, {});
  if (row?.isAllowed) return source;
  return { ...source, definitions: source.definitions.filter(({ name }) => !name.startsWith('public.')) };
}

/** What was applied to the database: `hash` is that of the file's text then. */
const recordTables = `
  create schema if not exists migrations;
  create table if not exists migrations.applied (
    kind text not null,
    name text not null,
    hash text not null,
    applied_at timestamptz not null default now(),
    primary key (kind, name)
  );
  create table if not exists migrations.version (
    singleton boolean primary key default true check (singleton),
    version integer not null,
    migrated_at timestamptz not null default now()
  );
  insert into migrations.version (version) values (0) on conflict do nothing`;

type Applied = { kind: 'migration' | Definition['kind'] | 'rights'; name: string; hash: string };

const listApplied = statement({
  returns: { kind: oneOf(['migration', ...definitionKinds, 'rights']), name: text, hash: text },
  sql: () => sql`select kind, name, hash from migrations.applied order by kind, name`,
});

type Changes = {
  migrations: Migration[];
  definitions: Definition[];
  removed: Pick<Definition, 'kind' | 'name'>[];
};

/**
 * A migration may have dropped anything, or changed the table that a view selects from; so after one, all definitions
 * are installed again.
 */
function compare(source: SqlSource, applied: Applied[]): Changes {
  const unknown = applied.find(
    ({ kind, name }) => kind === 'migration' && !source.migrations.some((one) => one.name === name),
  );
  if (unknown) throw new OperatorError(describeSchema('newer'));
  const migrations = source.migrations.filter((migration) => isPending(migration, applied));
  return {
    migrations,
    definitions: source.definitions.filter(
      ({ kind, name, hash }) => migrations.length > 0 || hashIn(applied, kind, name) !== hash,
    ),
    removed: applied.flatMap(({ kind, name }) =>
      kind === 'migration' ||
      kind === 'rights' ||
      source.definitions.some((one) => one.name === name && one.kind === kind)
        ? []
        : [{ kind, name }],
    ),
  };
}

function isPending({ name, path, hash }: Migration, applied: Applied[]): boolean {
  const known = hashIn(applied, 'migration', name);
  if (known !== undefined && known !== hash)
    throw new OperatorError(
      `${path} was changed after it was applied to this database. Restore its text and write a new migration, or run npm run reset, which removes all data.`,
    );
  return known === undefined;
}

function hashIn(applied: Applied[], kind: Applied['kind'], name: string): string | undefined {
  return applied.find((one) => one.kind === kind && one.name === name)?.hash;
}

async function applyChanges(client: pg.Client, { migrations, definitions, removed }: Changes): Promise<void> {
  const pending = new Map(definitions.map((definition) => [definition.name, definition]));
  const install = async (definition: Definition | undefined) => {
    if (!definition || !pending.delete(definition.name)) return;
    for (const name of definition.needs) await install(pending.get(name));
    await installDefinition(client, definition);
    await record(client, definition.kind, definition.name, definition.hash);
  };
  for (const migration of migrations) {
    for (const name of migration.needs) await install(pending.get(name));
    await runFile(client, migration);
    await record(client, 'migration', migration.name, migration.hash);
  }
  for (const definition of definitions) await install(definition);
  for (const kind of ['triggers', 'view', 'function'] as const)
    for (const definition of removed.filter((one) => one.kind === kind))
      await dropDefinition(client, definition);
}

async function record(client: pg.Client, kind: Applied['kind'], name: string, hash: string): Promise<void> {
  await client.query(
    `insert into migrations.applied (kind, name, hash) values ($1, $2, $3)
     on conflict (kind, name) do update set hash = excluded.hash, applied_at = excluded.applied_at`,
    [kind, name, hash],
  );
}

const getServerVersion = statement({
  returns: { version: integer },
  sql: () => sql`select current_setting('server_version_num')::integer as version`,
});

async function requirePostgres15(client: pg.Client): Promise<void> {
  const [{ version } = { version: 0 }] = await getServerVersion(client, {});
  if (version < 150_000)
    throw new OperatorError(
      `The Postgres of DATABASE_URL is version ${Math.floor(version / 10_000)}; 15 or later is needed.`,
    );
}
