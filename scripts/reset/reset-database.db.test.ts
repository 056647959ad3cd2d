import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { parseEnvironment } from '#lib/env.ts';
import { resetDatabase } from './reset-database.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const reset = () => resetDatabase(parseEnvironment({ DATABASE_URL: database.url }));

const listObjects = async () => {
  const { rows } = await database.pool.query(`
    select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select proname from pg_proc where pronamespace = 'public'::regnamespace
    order by name`);
  return rows.map(({ name }) => name);
};

test('a shared database loses the schemas of this project and keeps everything else', async () => {
  await database.pool.query(`set application_name = 'psql'`);
  await database.pool.query('create table public.theirs as select 1 as one');
  await database.pool.query(
    'create schema drizzle create table __drizzle_migrations (id integer) create table their_migrations (id integer)',
  );
  expect(await reset()).toContain('Removed the schemas simulator');
  expect(await listObjects()).toEqual(['drizzle', 'public']);
  expect((await database.pool.query('select * from public.theirs')).rows).toEqual([{ one: 1 }]);
  await database.pool.query('drop table drizzle.their_migrations');
  await reset();
  expect(await listObjects()).toEqual(['public']);
  expect((await migrateDatabase(database.url)).migrations).toBeGreaterThan(0);
});

test('nothing is removed while a command is connected', async () => {
  const other = await createTestDatabase();
  const busy = parseEnvironment({ DATABASE_URL: other.url });
  await other.pool.query('select');
  await other.pool.query(`set application_name = 'caspers pipeline'`);
  await expect(resetDatabase(busy)).rejects.toThrow(/in use by caspers pipeline.*nothing was removed/);
  await other.close();
});
