import { getTableConfig } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { account, session, user, verification } from './tables.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const tables = [user, session, account, verification]
  .map(getTableConfig)
  .map((table) => [`${table.schema}.${table.name}`, table] as const);

test.each(tables)('%s has the columns of the migration', async (_, { schema, name, columns }) => {
  const { rows } = await db.pool.query(
    `select column_name as name, is_nullable = 'NO' as "notNull",
       format_type(attribute.atttypid, attribute.atttypmod) as type
     from information_schema.columns
     join pg_attribute as attribute
       on attribute.attrelid = format('%I.%I', table_schema, table_name)::regclass and attribute.attname = column_name
     where table_schema = $1 and table_name = $2 order by column_name`,
    [schema, name],
  );
  const declared = columns.map((column) => ({
    name: column.name,
    notNull: column.notNull,
    type: spell(column.getSQLType()),
  }));
  expect(declared.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(rows);
});

test.each(tables)('%s has the keys and indexes of the migration', async (_, table) => {
  const { rows } = await db.pool.query<{ name: string }>(
    'select indexname as name from pg_indexes where schemaname = $1 and tablename = $2',
    [table.schema, table.name],
  );
  const declared = [
    ...table.indexes.map((index) => index.config.name),
    ...table.uniqueConstraints.map((constraint) => constraint.name),
    ...table.columns.filter((column) => column.isUnique).map((column) => column.uniqueName),
  ];
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(declared));
});

/** Drizzle's spelling of a type in the server's. */
function spell(type: string): string {
  return type.replaceAll(', ', ',');
}
