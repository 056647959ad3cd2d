import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { encodeParquet } from './build-dimensions.ts';
import { checkDimensions } from './check-dimensions.ts';
import { readDimensions } from './read-dimensions.ts';
import { readSource } from './read-source.ts';
import { type Dimensions, type TableName, tableNames } from './tables.ts';

const directory = join(import.meta.dirname, '../../../data/dimensional');
const source = readSource(join(directory, 'source'));

test.each(tableNames)('%s.parquet equals its source, byte for byte', async (table) => {
  const written = await readFile(join(directory, `${table}.parquet`));
  expect(Buffer.compare(written, encodeParquet(source, table))).toBe(0);
});

test('reading the Parquet files gives the rows of the source', async () => {
  expect(await readDimensions(directory)).toEqual(source);
});

test('the menu is plausible for a ghost kitchen', () => {
  const { brands, menus, categories, items, locations, brand_locations: placements } = source;
  expect([brands.length, menus.length, locations.length]).toEqual([24, 24, 4]);
  expect(categories.length).toBeGreaterThan(100);
  expect(items.length).toBeGreaterThan(170);
  expect(items.every((item) => item.price >= 2 && item.price <= 22)).toBe(true);
  expect(new Set(items.map((item) => item.name)).size).toBe(items.length);
  expect(new Set(brands.map((brand) => brand.cuisine_type)).size).toBe(24);
  const times = brands.map((brand) => brand.avg_prep_time_min ?? 0);
  expect([Math.min(...times), Math.max(...times)]).toEqual([4, 25]);
  expect(new Set(placements.map((placement) => placement.brand_id)).size).toBe(24);
  expect(placements.find((row) => row.start_day === 45)).toMatchObject({ brand_id: 19, location_id: 2 });
  expect(placements.find((row) => row.end_day === 60)).toMatchObject({ brand_id: 14, location_id: 4 });
});

describe('an error names what is wrong', () => {
  const broken = (change: (rows: Dimensions) => void): Dimensions => {
    const rows = structuredClone(source);
    change(rows);
    return rows;
  };
  const check = (dimensions: Dimensions) =>
    checkDimensions(
      Object.fromEntries(
        tableNames.map((table) => [table, { file: `${table}.parquet`, rows: dimensions[table] }]),
      ) as unknown as Parameters<typeof checkDimensions>[0],
    );

  test.each<[string, (rows: Dimensions) => void]>([
    [
      'items.parquet row 1: price has a fraction',
      (rows) => Object.assign(rows.items[0] ?? {}, { price: 1.005 }),
    ],
    ['items.parquet has two rows with id 111', (rows) => rows.items.push(...rows.items.slice(0, 1))],
    ['menus.parquet id 7 has brand_id 7, which is not in brands', (rows) => rows.brands.splice(6, 1)],
    [
      'locations.parquet row 2: time_zone must be a time zone',
      (rows) => Object.assign(rows.locations[1] ?? {}, { time_zone: 'America/Gotham' }),
    ],
    [
      'brand_locations.parquet row 1: end_day must be after start_day',
      (rows) => Object.assign(rows.brand_locations[0] ?? {}, { end_day: 0 }),
    ],
  ])('%s', (message, change) => {
    expect(() => check(broken(change))).toThrow(message);
  });

  const copy = async (change: (path: (table: TableName) => string) => Promise<void>) => {
    const target = await temporaryDirectory();
    await cp(directory, target, { recursive: true });
    await change((table) => join(target, `${table}.parquet`));
    return readDimensions(target);
  };

  test('a missing file', async () => {
    await expect(copy((path) => rm(path('items')))).rejects.toThrow(/items.parquet is missing/);
  });

  test('a file that is not Parquet', async () => {
    const failure = copy((path) => writeFile(path('items'), 'id,name\n1,Toast\n'));
    await expect(failure).rejects.toThrow(/items.parquet is not a readable Parquet file/);
  });

  test('a missing column', async () => {
    const failure = copy((path) => cp(path('menus'), path('items')));
    await expect(failure).rejects.toThrow(/items.parquet has no column category_id/);
  });
});
