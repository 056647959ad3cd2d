import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flow } from './flow.ts';
import { type CountDistinct, declareGold } from './gold/declare-gold.ts';
import { silverOrderItems } from './silver/silver-order-items.ts';

const names = flow.map(({ name }) => name);
const outside = ['event files', 'simulator.locations'];
/** Functions of Postgres that other engines do not have, and its casts. */
const engineSpecific = /lakeflow\.|pg_|json|hll|::|lateral|at time zone|distinct on|nulls not distinct/i;

test('a table comes after its inputs', () => {
  const early = flow.flatMap(({ name, inputs }, at) =>
    inputs
      .filter((input) => !outside.includes(input) && !names.slice(0, at).includes(input))
      .map((input) => `${name} before ${input}`),
  );
  expect(early).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('gold is plain grouped aggregates over one silver table', () => {
  const gold = flow.filter(({ layer }) => layer === 'gold');
  expect(gold.length).toBeGreaterThanOrEqual(5);
  for (const { name, inputs, body } of gold) {
    expect(inputs, name).toHaveLength(1);
    expect(body, name).toContain(`from ${inputs[0]}`);
    expect(body, name).toMatch(/group by/);
    expect(body, name).not.toMatch(engineSpecific);
  }
});

test('a windowed table has its window in its key', () => {
  const loose = flow.filter(({ key, window }) => window !== null && !key.includes(window));
  expect(loose.map(({ name }) => name)).toEqual([]);
  expect(flow.filter(({ window }) => window !== null).map(({ name }) => name)).toEqual([
    'gold_brand_sales_day',
    'gold_location_sales_hourly',
  ]);
});

test('the module map says that the pipeline writes every table of the flow', () => {
  const page = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const section = page.split('\n## ').find((text) => text.startsWith('pipeline\n')) ?? '';
  const writes = section.split('\n').find((line) => line.startsWith('Writes:')) ?? '';
  expect(names.filter((name) => !writes.includes(`\`lakeflow.${name}\``))).toEqual([]);
});

test('a declaration that cannot grow is refused with the name of its table', () => {
  const day = {
    name: 'gold_day',
    grain: 'one row per day',
    key: ['day'],
    from: silverOrderItems,
    partitionedBy: null,
    window: null,
    growth: 'merge',
  } as const;
  const body = (countDistinct: CountDistinct) =>
    `select order_day as day, ${countDistinct('order_id', 'n')} from silver_order_items group by 1`;
  expect(() => declareGold({ ...day, measures: { orders: 'count_distinct' }, body })).toThrow(
    'gold_day: orders has to be both a count_distinct and counted so by the body.',
  );
  const countBody = () => 'select order_day as day, count(*) as n from silver_order_items group by 1';
  expect(() => declareGold({ ...day, measures: { n: 'percentile' }, body: countBody })).toThrow(
    'gold_day: a percentile does not follow from its parts; give the statement that grows it.',
  );
});
