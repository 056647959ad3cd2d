import { expect, test } from 'vitest';
import { amountClassError, refundClasses } from '#lib/contract/refund.ts';
import { readGoldenSet } from './golden-set.ts';
import { orderIdOf, readJudgedSet, writeEvents } from './judged-set.ts';

const set = readJudgedSet();

test('there are at least 120 judged cases of at least ten kinds, each once and with a sentence', () => {
  expect(set.judged.length).toBeGreaterThanOrEqual(120);
  expect(new Set(set.judged.map(({ id }) => id)).size).toBe(set.judged.length);
  expect(new Set(set.cases.map(({ orderId }) => orderId)).size).toBe(set.judged.length);
  const kinds = Object.groupBy(set.judged, ({ kind }) => kind);
  expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(10);
  for (const cases of Object.values(kinds)) expect(cases?.length).toBeGreaterThanOrEqual(9);
  for (const { because } of set.judged) expect(because).toMatch(/^[A-Z“].{10,}\.$/s);
});

test('the classes of a label are those that its amounts can have', () => {
  for (const { id, facts, label } of set.judged) {
    const { min_usd: min, max_usd: max } = label;
    expect(min, id).toBeLessThanOrEqual(max);
    const possible = refundClasses.filter((name) =>
      [min, max, Math.floor((min + max) / 2)].some(
        (cents) => amountClassError(name, cents, facts.total_usd) === undefined,
      ),
    );
    expect(possible, id).toEqual(refundClasses.filter((name) => label.classes.includes(name)));
  }
});

test('neither the id of an order nor its location says what the case is about', () => {
  const names = new Set(writeEvents(set).flatMap(({ order_id, location }) => [order_id, location]));
  expect(
    [...names].filter(
      (name) => !/^([0-9A-F]{8}(-\d+-\d+)?|LAST|kitchen_[0-9a-f]{8}|kitchen_last)$/.test(name),
    ),
  ).toEqual([]);
});

test('an order has the total, the names and the time of its case', () => {
  const [one] = set.judged.filter(({ facts }) => (facts.items?.length ?? 0) > 1);
  if (!one) throw new Error('no case has two items');
  const events = writeEvents({ ...set, judged: [one] }).filter(
    ({ order_id }) => order_id === orderIdOf(one.id),
  );
  const [created, delivered] = events;
  const { items } = JSON.parse(created?.body ?? '{}') as { items: { name: string; price: number }[] };
  expect(items.map(({ name }) => name)).toEqual(one.facts.items);
  expect(items.reduce((sum, { price }) => sum + Math.round(price * 100), 0)).toBe(one.facts.total_usd);
  const seconds = (Date.parse(`${delivered?.ts}Z`) - Date.parse(`${created?.ts}Z`)) / 1000;
  expect(seconds).toBe(one.facts.took);
});

test('the golden set has more than two hundred labelled orders of every kind, each once', () => {
  const { cases } = readGoldenSet();
  expect(new Set(cases.map(({ orderId }) => orderId)).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThanOrEqual(200);
  expect([...new Set(cases.map(({ kind }) => kind))].sort()).toEqual([
    'by hand: full',
    'by hand: none',
    'by hand: partial',
    'simulated: none',
    'simulated: partial',
  ]);
});
