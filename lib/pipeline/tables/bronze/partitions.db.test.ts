import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../../lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const clock = fixedClock('2026-10-10T12:00:00Z');
const event = (event_id: string, ts: string, more: object = {}) =>
  JSON.stringify({
    ...{ event_id, ts, order_id: `order of ${event_id}`, location: 'sf', sequence: 0 },
    ...{ event_type: 'order_created', body: { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] } },
    ...more,
  });
const take = async (...files: string[]) =>
  drain(db, await createVolume(Object.fromEntries(files.map((text, n) => [`${n}.json`, text]))), {
    clock,
    maxFiles: 1,
  });
const partitionsOf = async (table: string) => {
  const rows = await readRows(
    db.pool,
    `select distinct tableoid::regclass::text as partition from lakeflow.${table}`,
  );
  return rows.map(({ partition }) => partition?.replace(`lakeflow.${table}`, ''));
};

test('an event counts once, whatever its ts: across partitions, batches and files', async () => {
  await emptyLakehouse(db.pool);
  const first = event('same', '2026-10-01 23:59:59');
  const counts = await take(
    [first, event('same', '2026-10-02 00:00:01'), event('other', '2026-10-02 00:00:00')].join('\n'),
    [event('same', '2026-10-03 12:00:00'), event('third', '2026-10-03 12:00:00')].join('\n'),
    event('same', '2001-01-01 00:00:00'),
  );
  expect(counts).toMatchObject({ records: 6, events: 3, duplicates: 3, quarantined: 0 });
  expect(await readRows(db.pool, 'select event_id, ts::date as day from lakeflow.all_events')).toEqual([
    { event_id: 'other', day: '2026-10-02' },
    { event_id: 'same', day: '2026-10-01' },
    { event_id: 'third', day: '2026-10-03' },
  ]);
  expect(await readRows(db.pool, 'select path, records, events_added from lakeflow.ingested_files')).toEqual([
    { path: '0.json', records: '3', events_added: '2' },
    { path: '1.json', records: '2', events_added: '1' },
    { path: '2.json', records: '1', events_added: '0' },
  ]);
});

test('an order whose creation comes twice, on two days, has the lines of the first', async () => {
  await emptyLakehouse(db.pool);
  const again = event('b', '2026-10-04 01:00:00', { order_id: 'order of a' });
  await take(event('a', '2026-10-03 23:00:00'), again);
  const lines = await readRows(db.pool, 'select order_id, order_day from lakeflow.silver_order_items');
  expect(lines).toEqual([{ order_id: 'order of a', order_day: '2026-10-03' }]);
  expect(await readRows(db.pool, 'select total_items from lakeflow.gold_order_header')).toEqual([
    { total_items: '1' },
  ]);
  expect(await readRows(db.pool, 'select first_day, last_day from lakeflow.silver_orders')).toEqual([
    { first_day: '2026-10-03', last_day: '2026-10-04' },
  ]);
});

test('rows are in the partition of their day or month, and implausible times in the default one', async () => {
  await emptyLakehouse(db.pool);
  await take([event('new', '2026-10-05 10:00:00'), event('ancient', '1999-12-31 10:00:00')].join('\n'));
  expect(await partitionsOf('all_events')).toEqual(['_20261005', '_default']);
  expect(await partitionsOf('silver_order_items')).toEqual(['_20261005', '_default']);
  for (const gold of ['gold_order_header', 'gold_brand_sales_day', 'gold_location_sales_hourly'])
    expect(await partitionsOf(gold), gold).toEqual(['_202610', '_default']);
});

test('a batch with many days creates a limited number of partitions; the others are created when their day comes again', async () => {
  await emptyLakehouse(db.pool);
  const days = Array.from({ length: 100 }, (_, n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString());
  await take(days.map((ts, n) => event(`${n}`, ts)).join('\n'));
  const sales = 'select day, orders, brand_revenue from lakeflow.gold_brand_sales_day';
  const before = await readRows(db.pool, sales);
  expect(before).toHaveLength(100);
  expect(await partitionsOf('all_events')).toHaveLength(65);
  await take(event('again', '2024-01-01 12:00:00'));
  expect(await partitionsOf('all_events')).toHaveLength(66);
  const first = `select event_id from lakeflow.all_events_20240101`;
  expect(await readRows(db.pool, first)).toEqual([{ event_id: '0' }, { event_id: 'again' }]);
  expect((await readRows(db.pool, sales)).slice(1)).toEqual(before.slice(1));
});

test('bronze refuses changes through the name of a partition too', async () => {
  await emptyLakehouse(db.pool);
  await take(event('a', '2026-10-05 10:00:00'));
  for (const sql of ['delete from', 'truncate'])
    for (const table of ['all_events_20261005', 'all_events_default'])
      await expect(db.pool.query(`${sql} lakeflow.${table}`)).rejects.toThrow(/append-only/);
});

test.each([
  [
    'items of a day',
    'select * from lakeflow.gold_item_sales_day where day = current_date order by gross_revenue desc limit 10',
  ],
  [
    'brands of a week',
    `select brand_id, sum(brand_revenue) from lakeflow.gold_brand_sales_day
     where day >= date '2026-10-09' - 7 and day < '2026-10-10' group by brand_id`,
  ],
  [
    'hours of a day',
    `select * from lakeflow.gold_location_sales_hourly
     where hour_ts >= '2026-10-05' and hour_ts < '2026-10-06' order by hour_ts`,
  ],
  ['lines of a day', `select * from lakeflow.silver_order_items where order_day = '2026-10-05'`],
  [
    'events of an order in its days',
    `select * from lakeflow.all_events where order_id = 'A' and ts >= '2026-10-05' and ts < '2026-10-06'`,
  ],
])('a query over time reads the partitions of that time alone: %s', async (_name, sql) => {
  await take(
    ...['2026-06-01', '2026-07-01', '2026-10-05'].map((day) => event(`on ${day}`, `${day} 10:00:00`)),
  );
  await db.pool.query('select lakeflow.add_partitions(array[current_date])');
  const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>(`explain ${sql}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  const read = [...plan.matchAll(/ on (?:lakeflow\.)?((?:gold|silver|all)_\w+)/g)].map(([, table]) => table);
  expect(read.filter((table) => /_2026(06|07)/.test(table ?? ''))).toEqual([]);
  expect(plan).not.toMatch(/_default/);
});
