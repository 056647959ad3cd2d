import { createHmac } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { createVolume, drain, readRows } from '../lakehouse.testing.ts';
import { rehashAddresses, retainPlaces } from './customer-places.ts';

let db: TestDatabase;
beforeEach(async () => {
  await db?.close();
  db = await createTestDatabase();
});
afterAll(() => db.close());

const KEY = 'the-first-key-0123456789-abcdefghijkl';
const clock = fixedClock('2026-10-05T12:00:00Z');
const { signal } = new AbortController();

function created(orderId: string, day: number, place: object, event_id = `${orderId}-created`): string {
  return JSON.stringify({
    event_id,
    event_type: 'order_created',
    ts: `2026-10-0${day} 12:00:00`,
    order_id: orderId,
    location: 'sf',
    sequence: 0,
    body: { ...place, items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] },
  });
}

const mainStreet = { customer_lat: 37.7749295, customer_lon: -122.4, customer_addr: ' 1  Main St ' };
const ingest = async (...lines: string[]) =>
  drain(db, await createVolume({ 'a.json': lines.join('\n') }), { addressKey: KEY });
const places = () =>
  readRows(
    db.pool,
    'select order_id, order_day, latitude, longitude, address, address_hash from lakeflow.silver_customer_places',
  );
const hash = (address: string, key = KEY) => createHmac('sha256', key).update(address).digest('hex');

test('the place of every created order is stored, with a keyed hash of its normalized address', async () => {
  await ingest(
    created('A', 1, mainStreet),
    created('B', 1, { customer_addr: '1 MAIN st' }),
    created('C', 2, { customer_lat: 1e-7, customer_addr: null }),
    created('D', 2, { customer_addr: '  ' }),
    JSON.stringify({
      ...JSON.parse(created('E', 2, {})),
      body: JSON.stringify({ ...mainStreet, customer_addr: 'Straße 客', items: [{ price: 1, qty: 1 }] }),
    }),
    created('A', 1, { customer_addr: '2 Other St' }, 'later'),
  );
  expect(await places()).toEqual([
    {
      order_id: 'A',
      order_day: '2026-10-01',
      latitude: '37.7749295',
      longitude: '-122.4',
      address: ' 1  Main St ',
      address_hash: hash('1 main st'),
    },
    {
      order_id: 'B',
      order_day: '2026-10-01',
      latitude: null,
      longitude: null,
      address: '1 MAIN st',
      address_hash: hash('1 main st'),
    },
    {
      order_id: 'C',
      order_day: '2026-10-02',
      latitude: '1e-7',
      longitude: null,
      address: null,
      address_hash: null,
    },
    {
      order_id: 'D',
      order_day: '2026-10-02',
      latitude: null,
      longitude: null,
      address: '  ',
      address_hash: null,
    },
    {
      order_id: 'E',
      order_day: '2026-10-02',
      latitude: '37.7749295',
      longitude: '-122.4',
      address: 'Straße 客',
      address_hash: hash('straße 客'),
    },
  ]);
});

test('a creation that counts in the place of another one brings its own place', async () => {
  await ingest(created('A', 3, mainStreet));
  await ingest(created('A', 2, { customer_addr: '2 First St' }, 'earlier'));
  await ingest(created('A', 4, { customer_addr: '3 Last St' }, 'later'));
  expect(await places()).toMatchObject([
    {
      order_id: 'A',
      order_day: '2026-10-02',
      latitude: null,
      address: '2 First St',
      address_hash: hash('2 first st'),
    },
  ]);
});

test.each([KEY, 'k'.repeat(64), 'ä-key-that-is-longer-than-a-block-'.repeat(4)])(
  'a rotation hashes again what has another hash, once: %s',
  async (key) => {
    await ingest(created('A', 1, mainStreet), created('B', 1, {}));
    await db.pool.query(
      `insert into lakeflow.silver_customer_places (order_id, order_day, address)
       select 'old-' || n, '2026-09-01', 'No hash yet ' || n from generate_series(1, 5001) as n`,
    );
    const rehash = () => rehashAddresses({ db, clock, key, signal });
    expect(await rehash()).toEqual({ changed: key === KEY ? 5001 : 5002 });
    expect(await rehash()).toEqual({ changed: 0 });
    expect(await readRows(db.pool, `${hashes} where order_id in ('A', 'B', 'old-5001') order by 1`)).toEqual([
      { order_id: 'A', address_hash: hash('1 main st', key) },
      { order_id: 'B', address_hash: null },
      { order_id: 'old-5001', address_hash: hash('no hash yet 5001', key) },
    ]);
    const { rows } = await db.pool.query(`select current_setting('caspers.address_key', true) as key`);
    expect(rows[0]?.key ?? '').toBe('');
  },
);
const hashes = 'select order_id, address_hash from lakeflow.silver_customer_places';

test('places of old days are deleted and do not come back; a dry run only counts', async () => {
  await ingest(created('A', 1, mainStreet), created('B', 3, mainStreet), created('C', 5, mainStreet));
  const options = { db, clock, days: 3 };
  expect(await retainPlaces({ ...options, dryRun: true })).toEqual({ before: '2026-10-03', places: 1 });
  expect(await places()).toHaveLength(3);
  expect(await retainPlaces(options)).toEqual({ before: '2026-10-03', places: 1 });
  expect(await retainPlaces({ ...options, days: 30 })).toEqual({ before: '2026-09-06', places: 0 });
  await ingest(created('D', 2, mainStreet), created('E', 3, mainStreet));
  expect((await places()).map(({ order_id }) => order_id)).toEqual(['B', 'C', 'E']);
  expect(
    await readRows(
      db.pool,
      `select operation, operation_metrics::text as metrics from lakeflow.table_history
       where table_name = 'silver_customer_places' and version = 0`,
    ),
  ).toEqual([{ operation: 'RETENTION', metrics: '{"numDeletedRows": 1}' }]);
});
