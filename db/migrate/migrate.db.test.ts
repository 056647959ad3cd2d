import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSchemaState, schemaVersion } from '../schema-version.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { migrateDatabase } from './migrate.ts';
import { type Definition, type Migration, readSqlSource, type SqlSource } from './sql-source.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.close());

const migrate = (source?: SqlSource) => migrateDatabase(db.url, source);
const read = async (text: string) => (await db.pool.query(text)).rows;
const readApplied = () =>
  read('select kind, name, hash, applied_at::text from migrations.applied order by kind, name');
const nothing = { migrations: 0, definitions: 0 };

const current = readSqlSource();

function migration(name: string, text: string, needs: string[] = []): Migration {
  return { name, path: `drizzle/${name}.sql`, text, hash: text, needs };
}

function definition(kind: Definition['kind'], name: string, text: string, needs: string[] = []): Definition {
  return { kind, name, path: `db/sql/${name}.sql`, text, hash: text, needs };
}

const items = migration('0101_items', 'create schema shop; create table shop.items (n integer not null)');
const orders = migration(
  '0102_orders',
  'create table shop.orders (n integer); alter table shop.items add m integer',
);
const prices = migration(
  '0103_prices',
  'create table shop.prices (n integer, doubled integer generated always as (shop.twice(n)) stored)',
  ['shop.twice'],
);
const twice = (body: string) =>
  definition(
    'function',
    'shop.twice',
    `create or replace function shop.twice(n integer) returns integer language sql immutable return ${body};`,
  );
const big = definition(
  'view',
  'shop.big',
  'create or replace view shop.big as select * from shop.items where shop.twice(n) > 9',
  ['shop.twice'],
);
const refuse = definition(
  'function',
  'shop.refuse',
  `create or replace function shop.refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
);
const triggers = definition(
  'triggers',
  'shop.items',
  'create trigger no_delete before delete on shop.items for each statement execute function shop.refuse()',
  ['shop.refuse'],
);

/** This version with a schema more. The view comes before the function that it needs. */
function withShop(
  migrations = [items, prices],
  definitions = [big, twice('2 * n'), refuse, triggers],
): SqlSource {
  return {
    ...current,
    migrations: [...current.migrations, ...migrations],
    definitions: [...current.definitions, ...definitions],
  };
}

test('migrations and definitions are applied in the order in which they are needed, once', async () => {
  expect(await migrate(withShop())).toEqual({ migrations: 2, definitions: current.definitions.length + 4 });
  await db.pool.query('insert into shop.items values (4), (5); insert into shop.prices values (3)');
  expect(await read('select n from shop.big')).toEqual([{ n: 5 }]);
  expect(await read('select doubled from shop.prices')).toEqual([{ doubled: 6 }]);
  await expect(db.pool.query('delete from shop.items')).rejects.toThrow('refused');
  const before = await readApplied();
  expect(await migrate(withShop())).toEqual(nothing);
  expect(await readApplied()).toEqual(before);
});

test('a migration that is added in the middle of the list of an installed database is applied', async () => {
  await migrate(withShop([items, prices]));
  expect((await migrate(withShop([items, orders, prices]))).migrations).toBe(1);
  expect(await read('select * from shop.orders')).toEqual([]);
  // The view selects the new column, as it would in a new database.
  const { fields } = await db.pool.query('select * from shop.big');
  expect(fields.map((field) => field.name)).toEqual(['n', 'm']);
  expect(await migrate(withShop([items, orders, prices]))).toEqual(nothing);
});

test('a function whose file has changed is installed again, and only it', async () => {
  await migrate(withShop());
  const before = await readApplied();
  const changed = withShop([items, prices], [big, twice('n + n'), refuse, triggers]);
  expect(await migrate(changed)).toEqual({ migrations: 0, definitions: 1 });
  const isBefore = new Set(before.map((row) => JSON.stringify(row)));
  const since = (await readApplied()).filter((row) => !isBefore.has(JSON.stringify(row)));
  expect(since.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['function shop.twice', 'rights roles']);
  expect(await read(`select pg_get_function_sqlbody('shop.twice'::regproc) as body`)).toEqual([
    { body: 'RETURN (n + n)' },
  ]);
});

test('what a file defines no longer is dropped: an overload, a trigger, everything of a removed file', async () => {
  const listTriggers = () =>
    read(`select tgname as name from pg_trigger where tgrelid = 'shop.items'::regclass order by 1`);
  const listFunctions = () =>
    read(
      `select oid::regprocedure::text as name from pg_proc where pronamespace = 'shop'::regnamespace order by 1`,
    );
  const overloaded = `${twice('2 * n').text}
    create or replace function shop.twice(t text) returns text language sql return t || t;`;
  const two = `${triggers.text};
    create trigger no_truncate before truncate on shop.items for each statement execute function shop.refuse()`;
  const more = [
    definition('function', 'shop.twice', overloaded),
    big,
    refuse,
    definition('triggers', 'shop.items', two, triggers.needs),
  ];
  await migrate(withShop([items, prices], more));
  expect(await listTriggers()).toEqual([{ name: 'no_delete' }, { name: 'no_truncate' }]);
  expect(await listFunctions()).toHaveLength(3);

  await migrate(withShop());
  expect(await listTriggers()).toEqual([{ name: 'no_delete' }]);
  expect(await listFunctions()).toEqual([{ name: 'shop.refuse()' }, { name: 'shop.twice(integer)' }]);

  await migrate(withShop([items, prices], [twice('2 * n')]));
  expect(await listTriggers()).toEqual([]);
  expect(await listFunctions()).toEqual([{ name: 'shop.twice(integer)' }]);
  expect(await read(`select to_regclass('shop.big') as view`)).toEqual([{ view: null }]);
});

test('a file with a mistake is named with its line, and the database is as before', async () => {
  await migrate(withShop([items]));
  const before = await readApplied();
  const broken = definition('function', 'shop.broken', 'create or replace function shop.broken()\nreturn;');
  await expect(migrate(withShop([items, prices], [twice('2 * n'), broken]))).rejects.toThrow(
    /^db\/sql\/shop\.broken\.sql:2: syntax error/,
  );
  expect(await read(`select to_regclass('shop.prices') as prices`)).toEqual([{ prices: null }]);
  expect(await readApplied()).toEqual(before);
});

test('a migration whose text has changed since it was applied is refused, with what to do', async () => {
  await migrate(withShop());
  await expect(migrate(withShop([{ ...items, hash: 'other' }, prices]))).rejects.toThrow(
    /^drizzle\/0101_items\.sql was changed after it was applied.*npm run reset/,
  );
});

test('a newer database is refused and left as it is, by its version or by a migration that this one lacks', async () => {
  await migrate({ ...withShop(), version: schemaVersion + 2 });
  const before = await readApplied();
  const older = withShop([items, prices], [big, twice('0'), refuse, triggers]);
  await expect(migrate({ ...older, version: schemaVersion + 1 })).rejects.toThrow(
    /newer.*update the program/,
  );
  await expect(migrate({ ...withShop([items]), version: schemaVersion + 3 })).rejects.toThrow(/newer/);
  expect(await readApplied()).toEqual(before);
  const states = [1, 2, 3].map((by) => readSchemaState(db.pool, schemaVersion + by));
  expect(await Promise.all(states)).toEqual(['newer', 'current', 'older']);
});

test('a version that rises alone is recorded', async () => {
  expect(await migrate({ ...current, version: schemaVersion + 1 })).toEqual(nothing);
  expect(await readSchemaState(db.pool, schemaVersion + 1)).toBe('current');
});

test('of two migrators at once, one applies everything and the other nothing', async () => {
  const counts = await Promise.all([migrate(withShop()), migrate(withShop())]);
  expect(counts.map(({ migrations }) => migrations).sort()).toEqual([0, 2]);
});

test('the definitions of this version can be installed over themselves', async () => {
  await db.pool.query(
    `update migrations.applied set hash = '' where kind in ('function', 'view', 'triggers')`,
  );
  expect(await migrate()).toEqual({ migrations: 0, definitions: current.definitions.length });
  expect(await migrate()).toEqual(nothing);
});

test('a database of the versions before the first release is refused, with what to do', async () => {
  await db.pool.query('drop schema migrations cascade');
  await expect(migrate()).rejects.toThrow(/before the first release.*npm run reset/);
  expect(await read(`select to_regnamespace('migrations') as migrations`)).toEqual([{ migrations: null }]);
});
