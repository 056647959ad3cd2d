import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'drizzle-orm/sql';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bigint,
  group,
  instant,
  integer,
  listColumns,
  named,
  nullable,
  nullableGroup,
  oneOf,
  text,
  usd,
} from './columns.ts';
import { type Declared, dynamicStatement, listStatements, statement } from './statement.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let client: pg.Client;
let typeNames: Map<number, string>;

beforeAll(async () => {
  db = await createTestDatabase();
  client = new pg.Client(db.url);
  await client.connect();
  const { rows } = await client.query<{ oid: number; name: string }>(
    'select oid::int, typname as name from pg_type',
  );
  typeNames = new Map(rows.map(({ oid, name }) => [oid, name]));
});
afterAll(async () => {
  await client.end();
  await db.close();
});

test('every statement gives the columns and types that its code believes', async () => {
  await importStatements();
  const wrong: string[] = [];
  for (const declared of listStatements())
    for (const { text } of declared.texts()) wrong.push(...(await findMismatches(declared, text)));
  expect(wrong).toEqual([]);
  expect(listStatements().length).toBeGreaterThan(1);
});

test('a statement that gives other types, or lacks a column, is found', async () => {
  const declared = {
    texts: () => [],
    returns: { orderId: bigint, amountCents: named('amount_usd', usd), gone: text },
  };
  const found = await findMismatches(declared, "select 'a'::text as order_id, 1.5::numeric as amount_usd");
  expect(found.map((line) => line.split('\n')[0])).toEqual([
    'order_id is text, not int8',
    'gone is not a column of the result',
  ]);
});

test('a statement that the server refuses is found', async () => {
  const [found] = await findMismatches({ texts: () => [], returns: {} }, 'select from nowhere');
  expect(found).toContain('relation "nowhere" does not exist');
});

const amounts = statement({
  params: { cents: usd, note: nullable(text), kind: oneOf(['a', 'b']) },
  returns: {
    amountCents: named('amount_usd', usd),
    note: nullable(text),
    decidedTs: instant,
    kind: oneOf(['a', 'b']),
  },
  sql: ({ cents, note, kind }) => sql`
    select ${cents}::numeric as amount_usd, ${note}::text as note, ${kind}::text as kind,
      timestamptz '2026-01-02 03:04:05.678901+00' as decided_ts`,
});

test('a statement binds and reads its values exactly', async () => {
  const rows = await amounts(db.pool, { cents: 1999, note: null, kind: 'b' });
  expect(rows).toEqual([{ amountCents: 1999, note: null, kind: 'b', decidedTs: '2026-01-02T03:04:05.678Z' }]);
});

const parts = { id: bigint, amountCents: named('amount_usd', usd) };
const grouped = statement({
  returns: { whole: group({ first: group(parts), second: nullableGroup(parts, 'second_') }, 'x_') },
  sql: () => sql`
    select n as x_id, n * 1.5 as x_amount_usd, case when n > 1 then n end as x_second_id,
      n::numeric as x_second_amount_usd
    from generate_series(1, 2::bigint) as n`,
});

test('a group of columns arrives as one object, in another group too; a nullable one is null where its first column is', async () => {
  expect(await grouped(db.pool, {})).toEqual([
    { whole: { first: { id: '1', amountCents: 150 }, second: null } },
    { whole: { first: { id: '2', amountCents: 300 }, second: { id: '2', amountCents: 200 } } },
  ]);
});

const some = dynamicStatement({
  returns: { n: integer },
  samples: [[1], [1, 2]],
  sql: (numbers: number[]) =>
    sql`select n from unnest(${sql.param(numbers)}::integer[]) as n limit ${sql.raw(`${numbers.length}`)}`,
});

test('a dynamic text is planned by name from its second use on', async () => {
  const connection = await db.pool.connect();
  const countPlans = async () =>
    (await connection.query("select from pg_prepared_statements where statement like '%as n limit %'"))
      .rowCount;
  try {
    expect(await some(connection, [7])).toEqual([{ n: 7 }]);
    expect(await countPlans()).toBe(0);
    await some(connection, [8]);
    expect(await countPlans()).toBe(1);
  } finally {
    connection.release();
  }
});

/** Loads every source that declares a statement. */
async function importStatements(): Promise<void> {
  const root = join(import.meta.dirname, '..');
  const sources = globSync('{db,lib,scripts,verification}/**/*.ts', {
    cwd: root,
    exclude: ['**/*.test.ts', '**/*.testing.ts'],
  });
  for (const source of sources)
    if (/\b(statement|dynamicStatement)\(\{/.test(readFileSync(join(root, source), 'utf8')))
      await import(pathToFileURL(join(root, source)).href);
}

async function findMismatches({ returns }: Declared, query: string): Promise<string[]> {
  const described = await describe(query).catch((error: Error) => error.message);
  if (typeof described === 'string') return [`${described}\n${query}`];
  const results = listColumns(returns).flatMap(({ name, column }) => {
    const field = described.find((one) => one.name === name);
    if (!field) return [`${name} is not a column of the result`];
    const type = typeNames.get(field.dataTypeID) ?? '';
    return column.types.includes(type) ? [] : [`${name} is ${type}, not ${column.types.join(' or ')}`];
  });
  return results.map((line) => `${line}\n${query}`);
}

/** Has the server parse a statement, without running it, and say what it gives. */
function describe(query: string): Promise<pg.FieldDef[]> {
  return new Promise((resolve, reject) => {
    let fields: pg.FieldDef[] = [];
    client.query({
      submit(connection: { parse(query: object): void; describe(of: object): void; sync(): void }) {
        connection.parse({ text: query, name: '', types: [] });
        connection.describe({ type: 'S', name: '' });
        connection.sync();
      },
      handleRowDescription: (message: { fields: pg.FieldDef[] }) => {
        fields = message.fields;
      },
      // After an error the driver calls nothing else.
      handleError: reject,
      handleReadyForQuery: () => resolve(fields),
    } as never);
  });
}
