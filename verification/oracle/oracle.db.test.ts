import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { flow } from '#lib/pipeline/index.ts';
import { createVolume, drain, emptyLakehouse } from '#lib/pipeline/lakehouse.testing.ts';
import { referenceData, skipWithout } from '#lib/reference-data.testing.ts';
import { compareWithOracle } from './compare.ts';
import { computeOracle, readAll, withDuckdb } from './compute.ts';
import { readDuckdb, shapes } from './shapes.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const files = (volume: string) => [join(volume, '*.json')];
const items = [
  { id: 1, menu_id: 3, category_id: 2, brand_id: 7, name: 'Soup "of the day" \u00fc', price: 8.08, qty: 3 },
  { brand_id: null, price: 0.1, qty: 1, note: 'as it came' },
];
let made = 0;
const event = (event_type: string, order: string, ts: string, more: object = {}) => {
  made += 1;
  return {
    event_id: `e${made}`,
    event_type,
    ts,
    order_id: order,
    sequence: 0,
    location: 'sf',
    body: {},
    ...more,
  };
};
/** Every form that the contract allows: object, array and lines; gzip; body as text; three forms of a time. */
async function writeForms(): Promise<string> {
  const again = event('order_created', 'b', '2026-10-01T01:30:00+02:00', { body: JSON.stringify({ items }) });
  const volume = await createVolume({
    '1.json': JSON.stringify(event('order_created', 'a', '2026-10-01 00:00:00.000001', { body: { items } })),
    '2.json': JSON.stringify(
      [
        again,
        event('gk_ready', 'b', '2026-10-01T00:03:00.25Z'),
        event('gk_ready', 'b', '2026-10-01T00:01:00Z'),
        event('driver_picked_up', 'b', '2026-10-01T00:04:00Z'),
        event('driver_picked_up', 'a', '2026-10-01T00:20:00Z'),
        event('delivered', 'b', '2026-10-01T00:10:00Z'),
      ],
      null,
      1,
    ),
    '3.json': `${JSON.stringify(event('delivered', 'a', '2026-10-01 00:45:00.5'))}\n${JSON.stringify(again)}\n`,
    '4.json': JSON.stringify(
      event('order_created', 'c', '2026-09-30T23:59:59.999Z', {
        ...{ location: null, location_id: 9, gk_id: 'g', body: { items: items.slice(1) } },
      }),
    ),
  });
  const zipped = event('order_created', 'd', '2026-10-02 12:00:00', { location: null, body: { items } });
  await writeFile(join(volume, '5.json.gz'), gzipSync(JSON.stringify(zipped)));
  return volume;
}

test('the lakehouse equals what another engine computes from the raw files, in every form that they may have', async () => {
  const volume = await writeForms();
  await drain(db, volume, { maxFiles: 1 });
  const oracle = await computeOracle({ files: [...files(volume), join(volume, '*.json.gz')] });
  expect(oracle.tables.get('gold_order_header')).toHaveLength(4);
  expect(await compareWithOracle(db.pool, oracle)).toEqual([]);
});

test('a cent, a row too few and a row too many are each named', async () => {
  const volume = await writeForms();
  await drain(db, volume);
  await db.pool.query(`
    update lakeflow.gold_location_sales_hourly set revenue = revenue + 0.01 where location = 'location_9';
    delete from lakeflow.gold_order_header where order_id = 'b';
    insert into lakeflow.silver_deliveries values ('z', null, null, null, now(), now(), 0, 1)`);
  const oracle = await computeOracle({ files: [...files(volume), join(volume, '*.json.gz')] });
  expect(await compareWithOracle(db.pool, oracle)).toEqual([
    'silver_deliveries has ["z"], which no file says',
    'gold_order_header lacks ["b"]',
    'gold_location_sales_hourly ["2026-09-30 23:00:00.000000","location_9"]: revenue is 0.11 and must be 0.10',
  ]);
});

test('real orders are what the oracle says; gold bodies run there as they are', async (context) => {
  const volume = referenceData('real-orders/events');
  skipWithout(context, volume);
  expect(await readdir(volume)).not.toHaveLength(0);
  await drain(db, volume, { maxFiles: 5 });
  const oracle = await computeOracle({ files: files(volume) });
  expect(await compareWithOracle(db.pool, oracle)).toEqual([]);
  const asDeclared = await withDuckdb({ files: files(volume) }, async (duckdb) => {
    const tables = new Map(oracle.tables);
    for (const { name, body, layer } of flow) {
      const shape = shapes.find(({ table }) => table === name);
      if (layer !== 'gold' || !shape || !body) continue;
      await duckdb.run(`create or replace temp view said as ${body}`);
      const sorted =
        'brands_in_order' in shape.values ? 'replace (list_sort(brands_in_order) as brands_in_order)' : '';
      await duckdb.run(`create or replace table ${name} as select * ${sorted} from said`);
      tables.set(name, await readAll(duckdb, readDuckdb(shape)));
    }
    return { tables, seconds: 0 };
  });
  expect(await compareWithOracle(db.pool, asDeclared)).toEqual([]);
});
