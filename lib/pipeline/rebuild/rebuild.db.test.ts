import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock, systemClock } from '#lib/clock.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../lakehouse.testing.ts';
import { retain } from '../maintenance/retain.ts';
import { comparable } from '../tables/dataset/whole-table.ts';
import { flow } from '../tables/flow.ts';
import { rebuild } from './rebuild.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await emptyLakehouse(db.pool);
  const files = Array.from({ length: 6 }, (_, n) => [`${n}.json`, orderEvents(n * 7, 7)]);
  await drain(db, await createVolume(Object.fromEntries(files)), { maxFiles: 1 });
});
afterAll(() => db.close());

const time = (minutes: number) => new Date(Date.UTC(2026, 9, 1, 20, minutes)).toISOString();
/** Orders of two brands, some without a location or a brand, delivered in a later file now and then. */
function orderEvents(from: number, count: number): string {
  const orders = Array.from({ length: count }, (_, n) => from + n);
  const event = (order: number, event_type: string, minutes: number, body: object) =>
    JSON.stringify({
      event_id: `${order}-${event_type}`,
      event_type,
      ts: time(minutes),
      order_id: `o${order}`,
      location: order % 5 === 0 ? null : 'sf',
      sequence: 0,
      body,
    });
  const items = (order: number) => [
    { id: 1, brand_id: order % 3 === 0 ? null : 2, price: 8.08, qty: 3 },
    { id: 2, brand_id: 4, price: 1.1, qty: 1 },
  ];
  return [
    ...orders.map((order) => event(order, 'order_created', order * 9, { items: items(order) })),
    ...orders.map((order) => event(Math.max(order - 3, 0), 'delivered', order * 9 + 30, {})),
  ].join('\n');
}

const run = (verify: boolean, ...select: string[]) => rebuild({ db, clock: systemClock, select, verify });
const snapshot = () =>
  Promise.all(
    flow.map(({ name, columns }) => readRows(db.pool, `select ${comparable(columns)} from lakeflow.${name}`)),
  );
const history = () =>
  readRows(
    db.pool,
    `select table_name, operation_metrics::text as metrics from lakeflow.table_history where operation = 'REBUILD'`,
  );

/** One row changed, one deleted and one added, and a register of a sketch changed, each in another table. */
const damage = `
  update lakeflow.gold_order_header set order_revenue = order_revenue + 0.01 where order_id = 'o3';
  delete from lakeflow.silver_deliveries where order_id = 'o8';
  insert into lakeflow.gold_item_sales_day values (null, 1, null, 77, '2026-10-01', 1, 1);
  update lakeflow.gold_location_sales_hourly set orders_sketch = lakeflow.hll_of(array[1, 2, 3]::bigint[])
  where location is null and hour_ts = '2026-10-01 20:00Z'`;

test('a lakehouse that grew batch by batch equals its rebuild, registers included', async () => {
  const before = await snapshot();
  const report = await run(true);
  expect(report).toMatchObject({ identical: true, changed: false });
  expect(report.tables.map(({ table }) => table)).toEqual(flow.slice(1).map(({ name }) => name));
  expect(report.tables.every(({ rows }) => rows > 0)).toBe(true);
  expect(await run(false)).toMatchObject({ identical: true, changed: false });
  expect(await snapshot()).toEqual(before);
  expect(await history()).toEqual([]);
});

test('verify lists every row that differs by its key, with the differences, and changes nothing', async () => {
  await db.pool.query(damage);
  const damaged = await snapshot();
  const { identical, tables } = await run(true);
  expect(identical).toBe(false);
  const found = new Map(tables.map((table) => [table.table, table]));
  expect(found.get('gold_order_header')).toMatchObject({
    ...{ missing: 0, extra: 0, different: 1 },
    differences: [
      {
        key: { order_id: 'o3' },
        kind: 'different',
        columns: { order_revenue: { table: 25.35, rebuilt: 25.34 } },
      },
    ],
  });
  expect(found.get('silver_deliveries')?.differences).toEqual([
    { key: { order_id: 'o8' }, kind: 'missing', columns: {} },
  ]);
  expect(found.get('gold_item_sales_day')?.differences).toEqual([
    {
      key: { day: '2026-10-01', item_id: null, menu_id: 1, category_id: null, brand_id: 77 },
      kind: 'extra',
      columns: {},
    },
  ]);
  expect(found.get('gold_location_sales_hourly')?.differences).toMatchObject([
    { key: { location: null }, kind: 'different', columns: { orders_sketch: {} } },
  ]);
  expect(found.get('gold_brand_sales_day')?.differences).toEqual([]);
  expect(await snapshot()).toEqual(damaged);
});

test('a rebuild corrects the differences, once, and is in the history of the tables', async () => {
  const before = await snapshot();
  await db.pool.query(damage);
  expect(await run(false)).toMatchObject({ identical: false, changed: true });
  expect(await snapshot()).toEqual(before);
  expect(await run(true)).toMatchObject({ identical: true });
  expect(await history()).toEqual([
    { table_name: 'gold_item_sales_day', metrics: '{"numOutputRows": 0, "numDeletedRows": 1}' },
    { table_name: 'gold_location_sales_hourly', metrics: '{"numOutputRows": 1, "numDeletedRows": 1}' },
    { table_name: 'gold_order_header', metrics: '{"numOutputRows": 1, "numDeletedRows": 1}' },
    { table_name: 'silver_deliveries', metrics: '{"numOutputRows": 1, "numDeletedRows": 0}' },
  ]);
});

test('a selection is a table, or a table and everything that is made from it', async () => {
  await db.pool.query(damage);
  const tablesOf = async (...select: string[]) =>
    (await run(true, ...select)).tables.map(({ table }) => table);
  expect(await tablesOf('gold_order_header')).toEqual(['gold_order_header']);
  expect(await tablesOf('silver_deliveries+')).toEqual([
    'silver_deliveries',
    'gold_delivery_times_hourly',
    'gold_delivery_histogram_hourly',
  ]);
  await run(false, 'silver_deliveries+');
  const wrong = (await run(true)).tables.filter(({ differences }) => differences.length > 0);
  expect(wrong.map(({ table }) => table)).toEqual([
    'gold_order_header',
    'gold_item_sales_day',
    'gold_location_sales_hourly',
  ]);
  await expect(run(true, 'gold_orders')).rejects.toThrow(
    'gold_orders is not a table that is derived from bronze. These are: silver_orders, silver_order_items,',
  );
});

test('empty silver and gold are rebuilt completely', async () => {
  const before = await snapshot();
  for (const { name } of flow.slice(1)) await db.pool.query(`truncate lakeflow.${name}`);
  expect(await run(false)).toMatchObject({ changed: true });
  expect(await snapshot()).toEqual(before);
});

test('after retention, the orders of the days that are kept are verified, and gold against silver', async () => {
  const later = orderEvents(100, 5)
    .replaceAll('2026-10-01', '2026-10-04')
    .replaceAll('2026-10-02', '2026-10-05');
  await drain(db, await createVolume({ 'later.json': later }));
  await retain({ db, clock: fixedClock('2026-10-06T00:00:00Z'), days: 4 });
  expect(await run(true)).toMatchObject({ identical: true, since: '2026-10-03' });
  await expect(run(false)).rejects.toThrow('silver cannot be rebuilt');
  await db.pool.query(`
    update lakeflow.silver_orders set delivered_event_id = 'x' where order_id in ('o3', 'o101');
    update lakeflow.gold_order_header set order_revenue = 1 where order_id = 'o4'`);
  const { tables } = await run(true);
  const wrong = tables.flatMap(({ table, differences }) =>
    differences.map(({ key }) => [table, key.order_id]),
  );
  expect(wrong).toEqual([
    ['silver_orders', 'o101'],
    ['gold_order_header', 'o4'],
  ]);
});

test('a rebuild from a bronze without all events is refused', async () => {
  const before = await snapshot();
  await db.pool.query('insert into lakeflow.event_keys select gen_random_uuid()');
  await expect(run(false)).rejects.toThrow('Bronze has 81 of the 82 events that came');
  await expect(run(true)).rejects.toThrow('Nothing was changed.');
  expect(await run(true, 'gold_order_header', 'silver_deliveries+')).toMatchObject({ identical: true });
  expect(await snapshot()).toEqual(before);
});
