import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import {
  createVolume,
  drain,
  emptyLakehouse,
  expectKept,
  type Rows,
  readRows,
} from '../lakehouse.testing.ts';
import type { Dataset } from './dataset/dataset.ts';
import { comparable, selectWhole } from './dataset/whole-table.ts';
import { flow } from './flow.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null, freq: 4 });
const item = fc.record({
  id: orNull(fc.nat(5)),
  menu_id: orNull(fc.nat(2)),
  category_id: orNull(fc.nat(2)),
  brand_id: orNull(fc.nat(3)),
  name: orNull(fc.string()),
  price: fc.nat(3000).map((cents) => cents / 100),
  qty: fc.integer({ min: 1, max: 5 }),
});
const minutesOfTwoDays = fc.nat(48 * 60);
const time = (minutes: number) =>
  `${new Date(Date.UTC(2026, 9, 1, 0, minutes)).toISOString().slice(0, 19).replace('T', ' ')}`;

/** The events of one order: created, delivered, sometimes a second of either at another time, or none. */
const orderEvents = fc
  .record({
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
    otherItems: fc.option(fc.array(item, { minLength: 1, maxLength: 6 }), { nil: undefined, freq: 4 }),
    location: orNull(fc.constantFrom('sf', 'sv', 'chicago')),
    start: minutesOfTwoDays,
    otherStart: minutesOfTwoDays,
    minutes: fc.array(fc.integer({ min: -5, max: 90 }), { maxLength: 2 }),
    ready: fc.array(fc.integer({ min: -5, max: 60 }), { maxLength: 2 }),
    pickedUp: fc.array(fc.integer({ min: -5, max: 60 }), { maxLength: 2 }),
  })
  .map(({ items, otherItems, location, start, otherStart, minutes, ready, pickedUp }) => [
    { event_type: 'order_created', location, ts: time(start), body: JSON.stringify({ items }) },
    ...(otherItems
      ? [
          {
            event_type: 'order_created',
            location: 'sf',
            ts: time(otherStart),
            body: JSON.stringify({ items: otherItems }),
          },
        ]
      : []),
    ...minutes.map((after) => ({ event_type: 'delivered', location, ts: time(start + after), body: '{}' })),
    ...ready.map((after) => ({ event_type: 'gk_ready', location, ts: time(start + after), body: '{}' })),
    ...pickedUp.map((after) => ({
      event_type: 'driver_picked_up',
      location,
      ts: time(start + after),
      body: '{}',
    })),
    { event_type: 'gk_started', location, ts: time(start + 1), body: '{}' },
  ]);

/** The events of many orders as lines in any order, some of them more than once. */
const arrivals = fc
  .array(orderEvents, { minLength: 1, maxLength: 25 })
  .map((orders) =>
    orders.flatMap((events, order) =>
      events.map((event, n) =>
        JSON.stringify({
          event_id: `${order}-${n}`,
          order_id: `order-${order}`,
          gk_id: null,
          sequence: n,
          ...event,
        }),
      ),
    ),
  )
  .chain((lines) =>
    fc.tuple(
      fc.shuffledSubarray(lines, { minLength: lines.length }),
      fc.subarray(lines).chain((again) => fc.shuffledSubarray(again, { minLength: again.length })),
    ),
  )
  .map(([all, again]) => [...all, ...again]);

const setOf = (row: Rows[number]) => ({ brands_in_order: row.brands_in_order ?? [] });

/** The table equals its declaration over its whole inputs: in the stored form, with sketches, and as the plain body. */
async function expectDeclared(dataset: Dataset): Promise<void> {
  const { name, columns } = dataset;
  await expectKept(db.pool, dataset);
  const declared = await readRows(db.pool, selectWhole(dataset, 'body'));
  const columnsOfBody = Object.keys(declared[0] ?? { [columns[0] ?? '']: '' });
  // A set is stored empty where the aggregate gives null.
  const expected = declared.map((row) => ('brands_in_order' in row ? { ...row, ...setOf(row) } : row));
  const stored = await readRows(db.pool, `select ${columnsOfBody.join(', ')} from lakeflow.${name}`);
  expect({ [name]: stored }).toEqual({ [name]: expected.length > 0 ? expect.arrayContaining(expected) : [] });
  expect(stored).toHaveLength(expected.length);
}

test('every table that grew batch by batch equals the one computed at once from bronze', async () => {
  await fc.assert(
    fc.asyncProperty(
      arrivals,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (lines, perFile, maxFiles) => {
        await emptyLakehouse(db.pool);
        const files = Object.groupBy(
          lines,
          (_line, index) => `${String(Math.floor(index / perFile)).padStart(4, '0')}.json`,
        );
        const volume = await createVolume(
          Object.fromEntries(Object.entries(files).map(([name, part]) => [name, part?.join('\n') ?? ''])),
        );
        const counts = await drain(db, volume, { maxFiles });
        expect(counts).toMatchObject({ quarantined: 0, records: counts.events + counts.duplicates });
        for (const dataset of flow.filter(({ body }) => body !== null)) await expectDeclared(dataset);
      },
    ),
    { numRuns: 40 },
  );
});

/** Everything that does not say which batch brought it. */
async function readUnbatched(): Promise<Rows[]> {
  const tables = flow.filter(({ layer }) => layer !== 'bronze');
  return Promise.all(
    tables.map(({ name, columns }) => {
      const compared = columns.filter((column) => !column.endsWith('batch') && column !== 'batch_id');
      return readRows(db.pool, `select ${comparable(compared)} from lakeflow.${name}`);
    }),
  );
}

const countFailures = `
  select expectation, sum(failed) as failed from lakeflow.expectation_results
  where expectation in ('one_created_per_order', 'one_delivered_per_order')
  group by 1`;

test('the same files give the same silver and gold in any cut into batches', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 9 }), async (lines, perFile) => {
      const files = Object.groupBy(
        lines,
        (_line, at) => `${String(Math.floor(at / perFile)).padStart(4, '0')}.json`,
      );
      const volume = await createVolume(
        Object.fromEntries(Object.entries(files).map(([name, part]) => [name, part?.join('\n') ?? ''])),
      );
      const results: unknown[] = [];
      for (const maxFiles of [1, 3, 1000]) {
        await emptyLakehouse(db.pool);
        await drain(db, volume, { maxFiles });
        results.push([await readUnbatched(), await readRows(db.pool, countFailures)]);
      }
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    }),
    { numRuns: 10 },
  );
});

test('an order has the lines of one order_created; others are only in bronze and are counted', async () => {
  await emptyLakehouse(db.pool);
  const event = (event_id: string, event_type: string, body: object, minute: number) =>
    JSON.stringify({ event_id, event_type, ts: time(minute), order_id: 'A', sequence: 0, body });
  const soup = { items: [{ price: 1, qty: 1 }] };
  const feast = {
    items: [
      { price: 100, qty: 2 },
      { price: 50, qty: 1 },
    ],
  };
  const volume = await createVolume({
    '1.json': event('c1', 'order_created', soup, 0),
    '2.json': `${event('c2', 'order_created', feast, 0)}\n${event('d1', 'delivered', {}, 30)}`,
    '3.json': event('d2', 'delivered', {}, 5),
  });
  await drain(db, volume, { maxFiles: 1 });
  const read = (sql: string) => readRows(db.pool, sql);
  expect(await read('select event_id from lakeflow.all_events')).toHaveLength(4);
  expect(await read('select order_revenue from lakeflow.gold_order_header')).toEqual([
    { order_revenue: '1' },
  ]);
  expect(await read('select delivery_minutes, batch_id from lakeflow.silver_deliveries')).toEqual([
    { delivery_minutes: '5', batch_id: '3' },
  ]);
  expect(await read('select facts_batch from lakeflow.silver_orders')).toEqual([{ facts_batch: '3' }]);
  expect(
    await read('select batch_id, expectation from lakeflow.expectation_results where failed > 0'),
  ).toEqual([
    { batch_id: '2', expectation: 'one_created_per_order' },
    { batch_id: '3', expectation: 'one_delivered_per_order' },
  ]);
});

test('a delivery appears in the batch in which the later of its two events comes', async () => {
  await emptyLakehouse(db.pool);
  const event = (order_id: string, event_type: string, body: object, minute: number) =>
    JSON.stringify({
      event_id: `${order_id}-${event_type}`,
      event_type,
      ts: time(minute),
      order_id,
      sequence: 0,
      body,
    });
  const items = { items: [{ price: 1, qty: 1 }] };
  const volume = await createVolume({
    '1.json': `${event('A', 'order_created', items, 0)}\n${event('B', 'delivered', {}, 20)}`,
    '2.json': `${event('A', 'delivered', {}, 45)}\n${event('B', 'order_created', items, 5)}`,
    '3.json': event('C', 'delivered', {}, 9),
  });
  await drain(db, volume, { maxFiles: 1 });
  expect(
    await readRows(db.pool, 'select order_id, delivery_minutes, batch_id from lakeflow.silver_deliveries'),
  ).toEqual([
    { order_id: 'A', delivery_minutes: '45', batch_id: '2' },
    { order_id: 'B', delivery_minutes: '15', batch_id: '2' },
  ]);
});
