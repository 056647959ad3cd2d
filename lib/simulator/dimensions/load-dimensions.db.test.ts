import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { referenceData, skipWithout } from '#lib/reference-data.testing.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { buildDimensions, encodeParquet } from './build-dimensions.ts';
import { loadDimensions } from './load-dimensions.ts';
import { readSource } from './read-source.ts';

const root = join(import.meta.dirname, '../../..');
const ours = join(root, 'data/dimensional');
const reference = referenceData('reference-dimensions');
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const count = async (table: string) => {
  const { rows } = await database.pool.query(`select count(*)::integer as n from simulator.${table}`);
  return rows[0].n;
};

test('a load fills the six tables; a second one reports no change', async () => {
  const first = await loadDimensions(database, ours);
  expect(first.changed).toBe(true);
  expect(first.tables.items).toEqual({ inserted: 182, updated: 0, deleted: 0, unchanged: 0 });
  expect(await count('brand_locations')).toBe(25);
  const again = await loadDimensions(database, ours);
  expect(again.changed).toBe(false);
  expect(again.tables.items).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 182 });
  const { rows } = await database.pool.query(
    `select price::text, opens_at::text, closes_at::text, time_zone
     from simulator.items, simulator.locations where id = 111 and location_code = 'austin'`,
  );
  expect(rows).toEqual([
    { price: '10.50', opens_at: '10:00:00', closes_at: '01:00:00', time_zone: 'America/Chicago' },
  ]);
});

test('changed rows are updated and removed rows deleted, even where rows move to another parent', async () => {
  await loadDimensions(database, ours);
  const target = await temporaryDirectory();
  const rows = readSource(join(ours, 'source'));
  const [removed, successor] = rows.locations.splice(0, 1).concat(rows.locations.slice(0, 1));
  Object.assign(successor ?? {}, { location_code: removed?.location_code });
  for (const placement of rows.brand_locations)
    if (placement.location_id === removed?.location_id) placement.location_id = successor?.location_id ?? 0;
  for (const table of ['locations', 'brand_locations', 'brands', 'menus', 'categories', 'items'] as const)
    await writeFile(join(target, `${table}.parquet`), encodeParquet(rows, table));
  const { tables } = await loadDimensions(database, target);
  expect(tables.locations).toEqual({ inserted: 0, updated: 1, deleted: 1, unchanged: 2 });
  expect(tables.brand_locations).toMatchObject({ updated: 7, deleted: 0 });
});

test('a refused directory changes nothing', async () => {
  await loadDimensions(database, ours);
  const target = await temporaryDirectory();
  await cp(ours, target, { recursive: true });
  await cp(join(ours, 'menus.parquet'), join(target, 'items.parquet'));
  await expect(loadDimensions(database, target)).rejects.toThrow('has no column category_id');
  expect(await count('items')).toBe(182);
});

test('concurrent loads wait for each other', async () => {
  const reports = await Promise.all([1, 2, 3, 4].map(() => loadDimensions(database, ours)));
  expect(reports.filter((report) => report.changed).length).toBeLessThanOrEqual(1);
});

test('the dimension tables of another system load too', async (context) => {
  skipWithout(context, reference);
  const { tables } = await loadDimensions(database, reference);
  expect(tables.brands).toMatchObject({ unchanged: 0 });
  expect([await count('brands'), await count('items'), await count('locations')]).toEqual([24, 181, 4]);
  expect((await loadDimensions(database, ours)).changed).toBe(true);
});

test('a brands file with the key `id` and without a cuisine column loads too', async () => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const target = await temporaryDirectory();
  await cp(ours, target, { recursive: true });
  await buildDimensions(target);
  const { brands } = readSource(join(ours, 'source'));
  const legacy = parquetWriteBuffer({
    columnData: [
      { name: 'id', type: 'INT64', data: brands.map((brand) => BigInt(brand.brand_id)) },
      { name: 'name', type: 'STRING', data: brands.map((brand) => brand.name) },
    ],
  });
  await writeFile(join(target, 'brands.parquet'), new Uint8Array(legacy));
  expect((await loadDimensions(database, target)).tables.brands.updated).toBe(24);
});
