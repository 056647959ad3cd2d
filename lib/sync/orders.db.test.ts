import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import { getSyncedOrder } from '#lib/orders/index.ts';
import type { Databases } from './connections.ts';
import { insertRecommendations } from './recommendations.testing.ts';
import { type SyncOptions, syncContinuously, syncOnce, syncSnapshot } from './run.ts';

let source: TestDatabase;
let target: TestDatabase;
let databases: Databases;
beforeEach(async () => {
  await closeBoth();
  [source, target] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  databases = { source, target };
});
afterAll(closeBoth);

async function closeBoth() {
  await Promise.all([source?.close(), target?.close()]);
}

function options(change: Partial<SyncOptions> = {}): SyncOptions {
  const { signal } = new AbortController();
  return { clock: systemClock, log: silentLog, signal, sleep, say: () => undefined, ...change };
}

async function read(database: TestDatabase, sql: string): Promise<unknown[]> {
  return (await database.pool.query(sql)).rows;
}

/** Lays orders into the lakehouse as batch `batch` leaves them: placed at 12:00, two lines of two brands, $30.00. */
async function place(orderIds: string[], batch: number): Promise<void> {
  await source.pool.query(
    `insert into lakeflow.silver_orders (order_id, first_day, last_day, created_ts, created_batch)
     select id, '2026-11-20', '2026-11-20', '2026-11-20 12:00+00', $2 from unnest($1::text[]) as id`,
    [orderIds, batch],
  );
  await source.pool.query(
    `insert into lakeflow.silver_order_items
       (order_id, location, order_ts, order_day, line_no, brand_id, item_name, price, qty, extended_price, batch_id)
     select id, 'sf', '2026-11-20 12:00+00', '2026-11-20', line, 6 + line, 'Dish', 10 * line, 1, 10 * line, $2
     from unnest($1::text[]) as id, generate_series(1, 2) as line`,
    [orderIds, batch],
  );
  await commit(batch);
}

async function deliver(orderId: string, batch: number): Promise<void> {
  await source.pool.query(
    `update lakeflow.silver_orders set delivered_ts = '2026-11-20 12:29+00', delivered_batch = $2 where order_id = $1`,
    [orderId, batch],
  );
  await source.pool.query(
    `insert into lakeflow.silver_deliveries (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
     values ($1, 'sf', '2026-11-20 12:00+00', '2026-11-20 12:29+00', 29, $2)`,
    [orderId, batch],
  );
  await commit(batch);
}

const commit = (batch: number) =>
  source.pool.query(
    `insert into lakeflow.checkpoints (name, batch_id, updated_at) values ('pipeline', $1, now())
     on conflict (name) do update set batch_id = excluded.batch_id`,
    [batch],
  );

const recommend = (orderIds: string[], version = 'v1', minute = 0) =>
  insertRecommendations(
    source,
    orderIds.map((orderId) => ({ orderId, ts: `2026-11-20T13:${10 + minute}:00Z`, version, refund: 3 })),
  );

const rows = 'select order_id, facts_batch::integer, xmin::text from recommender.pg_orders order by order_id';
const facts = `select position::integer, behind::integer, oldest_waiting_ts from recommender.sync_status where name = 'pg_orders'`;

test('an order arrives with its recommendation, and its case knows its brands', async () => {
  await source.pool.query(`insert into simulator.brands (brand_id, name) values (7, 'Grill')`);
  await place(['A', 'unscored'], 1);
  await recommend(['A']);
  expect(await syncOnce(databases, options())).toEqual({ read: 1, written: 1, quarantined: 0, refreshed: 0 });
  const synced = await getSyncedOrder(target, 'A');
  expect(synced?.order).toMatchObject({
    totalCents: 3000,
    deliveredTs: null,
    lines: [
      { lineNo: 1, brandName: 'Grill', extendedCents: 1000 },
      { lineNo: 2, brandName: null, extendedCents: 2000 },
    ],
  });
  expect(await read(target, 'select order_id, brand_ids from refunds.cases')).toEqual([
    { order_id: 'A', brand_ids: [7, 8] },
  ]);
  expect(await read(target, 'select * from recommender.pg_brands')).toEqual([{ brand_id: 7, name: 'Grill' }]);
  expect(await read(target, `select refunds.order_total('A') as total`)).toEqual([{ total: '30.00' }]);
  expect(await getSyncedOrder(target, 'unscored')).toBeUndefined();
});

test('facts that change later are carried, once, and only for orders that are synced', async () => {
  await place(['A', 'B', 'unscored'], 1);
  await recommend(['A', 'B']);
  await syncOnce(databases, options());
  const before = await read(target, rows);
  await deliver('A', 3);
  await deliver('unscored', 4);
  expect(await syncOnce(databases, options())).toEqual({ read: 0, written: 0, quarantined: 0, refreshed: 1 });
  expect((await getSyncedOrder(target, 'A'))?.order).toMatchObject({
    deliveredTs: '2026-11-20T12:29:00.000Z',
    deliveryMinutes: 29,
  });
  expect(await read(target, rows)).toMatchObject([{ order_id: 'A', facts_batch: 3 }, before[1]]);
  const after = await read(target, rows);
  expect(await read(target, facts)).toEqual([{ position: 4, behind: 0, oldest_waiting_ts: null }]);
  await target.pool.query(`delete from recommender.sync_checkpoints where name = 'pg_orders'`);
  expect(await syncOnce(databases, options())).toMatchObject({ refreshed: 0 });
  expect(await read(target, rows)).toEqual(after);
});

test('a continuous sync carries changed facts without a new recommendation', async () => {
  await place(['A'], 1);
  await recommend(['A']);
  const stop = new AbortController();
  const running = syncContinuously(databases, options({ signal: stop.signal }));
  await until(async () => (await read(target, rows)).length === 1);
  await deliver('A', 2);
  await until(async () => (await getSyncedOrder(target, 'A'))?.order.deliveryMinutes === 29);
  stop.abort();
  await running;
});

test('a row that was built from an older batch replaces nothing, except by a snapshot', async () => {
  await place(['A'], 1);
  await recommend(['A']);
  await syncOnce(databases, options());
  await target.pool.query('update recommender.pg_orders set facts_batch = 9, total_usd = 1');
  await recommend(['A'], 'v2', 1);
  expect(await syncOnce(databases, options())).toMatchObject({ read: 1, written: 1 });
  const total = 'select facts_batch::integer, total_usd from recommender.pg_orders';
  expect(await read(target, total)).toEqual([{ facts_batch: 9, total_usd: '1.00' }]);
  await syncSnapshot(databases, options());
  expect(await read(target, total)).toEqual([{ facts_batch: 1, total_usd: '30.00' }]);
});

test('a snapshot writes and deletes orders, and keeps one whose lines the lakehouse has deleted', async () => {
  await place(['A', 'B', 'C'], 1);
  await recommend(['A', 'B', 'C']);
  await recommend(['A'], 'v2', 1);
  await syncOnce(databases, options());
  await source.pool.query(`delete from lakeflow.silver_order_items where order_id = 'A'`);
  await source.pool.query(`delete from recommender.refund_recommendations where order_id = 'B'`);
  await target.pool.query(`update recommender.pg_orders set total_usd = 1 where order_id = 'C'`);
  await syncSnapshot(databases, options({ batchSize: 1 }));
  expect(await read(target, 'select order_id, total_usd from recommender.pg_orders order by 1')).toEqual([
    { order_id: 'A', total_usd: '30.00' },
    { order_id: 'C', total_usd: '30.00' },
  ]);
  const after = await read(target, rows);
  await syncSnapshot(databases, options());
  expect(await read(target, rows)).toEqual(after);
  expect(await read(target, facts)).toMatchObject([{ position: 1, behind: 0 }]);
});

test('an order whose lines come after its recommendation is carried then', async () => {
  await recommend(['A']);
  await syncOnce(databases, options());
  expect(await getSyncedOrder(target, 'A')).toBeUndefined();
  await place(['A'], 1);
  expect(await syncOnce(databases, options())).toMatchObject({ refreshed: 1 });
  expect((await getSyncedOrder(target, 'A'))?.order.totalCents).toBe(3000);
});

test('places are carried apart, and deleted once the lakehouse has deleted them', async () => {
  await place(['A', 'B'], 1);
  await source.pool.query(
    `insert into lakeflow.silver_customer_places (order_id, order_day, latitude, address)
     values ('A', '2026-11-20', 37.5, '1 Main St'), ('B', '2026-11-20', null, null)`,
  );
  await recommend(['A', 'B']);
  await syncOnce(databases, options());
  const places = 'select order_id, latitude, address from recommender.pg_order_places order by 1';
  expect(await read(target, places)).toEqual([
    { order_id: 'A', latitude: 37.5, address: '1 Main St' },
    { order_id: 'B', latitude: null, address: null },
  ]);
  const forgetBefore = (day: string) =>
    source.pool.query(
      `with mark as (
         insert into lakeflow.checkpoints as held (name, batch_id, watermark, updated_at)
         values ('customer_places', 0, $1, now())
         on conflict (name) do update set watermark = excluded.watermark
       )
       delete from lakeflow.silver_customer_places where order_day < $1::timestamptz::date`,
      [`${day} 00:00+00`],
    );
  await forgetBefore('2026-11-20');
  await syncOnce(databases, options());
  expect(await read(target, places)).toHaveLength(2);
  await forgetBefore('2026-11-21');
  await syncOnce(databases, options());
  expect(await read(target, places)).toEqual([]);
  expect((await getSyncedOrder(target, 'A'))?.order.totalCents).toBe(3000);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}
