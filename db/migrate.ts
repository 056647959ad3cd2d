import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { OperatorError } from '#lib/errors.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { applyRoles } from './roles/apply-roles.ts';

/**
 * Brings a database to the schema of this version: all pending migrations in one transaction, one migrator at a time.
 * Roles and rights follow, where the user of the URL may make roles.
 * @returns how many migrations were applied.
 * @throws OperatorError where the server is older than Postgres 15.
 */
export async function migrateDatabase(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'caspers migrate' });
  await client.connect();
  try {
    await requireVersion(client);
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.migrations]);
    const before = await countApplied(client);
    await migrate(drizzle({ client }), {
      migrationsFolder: new URL('../drizzle', import.meta.url).pathname,
      migrationsSchema: 'drizzle',
    });
    const applied = (await countApplied(client)) - before;
    await applyRoles(client, applied > 0);
    return applied;
  } finally {
    await client.end();
  }
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::integer as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < 150_000)
    throw new OperatorError(
      `The Postgres of DATABASE_URL is version ${Math.floor(version / 10_000)}; 15 or later is needed.`,
    );
}

async function countApplied(client: pg.Client): Promise<number> {
  const exists = await client.query<{ found: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!exists.rows[0]?.found) return 0;
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::integer as n from drizzle.__drizzle_migrations',
  );
  return rows[0]?.n ?? 0;
}
