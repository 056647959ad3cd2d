import { PgDialect } from 'drizzle-orm/pg-core';
import { type SQL, sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { compileSql } from './compile-sql.ts';

test.each<[string, SQL]>([
  ['text alone', sql`select 1`],
  ['values', sql`select ${1}, ${'a'}, ${true}, ${null}, ${new Date(0)}, ${5n}`],
  ['nested fragments', sql`a ${sql`b ${2} ${sql.raw('c')}`} d ${'e'} ${sql``}`],
  ['a join', sql`where ${sql.join([sql`x = ${1}`, sql`y = ${2}`], sql` and `)}`],
  ['an identifier', sql`select 1 from ${sql.identifier('a"b')}.${sql.identifier('c')}`],
  ['an array as one parameter', sql`x = any(${sql.param(['a', 'b'])})`],
])('%s is written as Drizzle writes it', (_, query) => {
  const { sql: text, params } = new PgDialect().sqlToQuery(query);
  expect(compileSql(query)).toEqual({ text, params });
});

test('a placeholder keeps its place', () => {
  const { text, params } = compileSql(sql`x = ${sql.placeholder('x')} and y = ${1}`);
  expect(text).toBe('x = $1 and y = $2');
  expect(params).toMatchObject([{ name: 'x' }, 1]);
});

test.each([[['a']], [undefined], [{}]])('%j is refused', (value) => {
  expect(() => compileSql(sql`select ${value}`)).toThrow(TypeError);
});
