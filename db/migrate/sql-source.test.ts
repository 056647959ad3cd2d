import { expect, test } from 'vitest';
import { schemaHash, schemaVersion } from '../schema-version.ts';
import { hashSqlSource, readSqlSource } from './sql-source.ts';

const source = readSqlSource();

test('the version of the schema changes with its SQL', () => {
  const hash = hashSqlSource(source);
  const advice = `The SQL has changed: in db/schema-version.ts, add 1 to schemaVersion and set schemaHash to '${hash}'.`;
  expect(schemaHash, advice).toBe(hash);
  expect(schemaVersion).toBeGreaterThan(0);
});

test.each(source.definitions)(
  '$path says its purpose first, and defines what its name says',
  (definition) => {
    const { kind, name, text } = definition;
    expect(text).toMatch(/^-- \w/);
    const created = [...text.matchAll(/^create .*$/gm)].map(String);
    expect(created.length).toBeGreaterThan(0);
    const [schema, table] = name.split('.');
    const defines =
      kind === 'triggers'
        ? new RegExp(
            `^create (constraint )?trigger \\w+ (before|after) .* on ${schema}\\.("${table}"|${table}\\b)`,
          )
        : new RegExp(`^create or replace ${kind} ${schema}\\.${table}\\b`);
    expect(created.filter((line) => !defines.test(line))).toEqual([]);
  },
);

test('a definition has a name of its own', () => {
  const names = source.definitions.map(({ kind, name }) => `${kind} ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

test('what a migration needs is a definition, and migrations define no function, view or trigger', () => {
  const names = source.definitions.map(({ name }) => name);
  for (const { needs, text } of source.migrations) {
    expect(names).toEqual(expect.arrayContaining(needs));
    expect(text).not.toMatch(/create (or replace )?(constraint )?(function|view|trigger)/i);
  }
});

test('what a definition mentions is what it needs', () => {
  const checkDecision = source.definitions.find(({ name }) => name === 'refunds.check_decision');
  expect(checkDecision?.needs).toEqual([
    'refunds.order_total',
    'refunds.check_reason_code',
    'refunds.check_approval',
  ]);
});
