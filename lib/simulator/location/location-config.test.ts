import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { referenceData, skipWithout } from '#lib/reference-data.testing.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { plannedOrders } from '../orders/demand.ts';
import { drawOrders } from '../orders/draw-orders.ts';
import { applyMomentum, listOpenBrands } from './brands.ts';
import { parseLocationConfig, readLocationConfig } from './location-config.ts';
import { buildTestModel, directories } from './location-model.testing.ts';

const references = referenceData('reference-configs');
const chicago = { location_code: 'chicago', name: 'Chicago' };
const momentum = { improving: 0.1, flat: 0.2, declining: 0.7 };
const rates = { growth: 0.8, decline: 0.2 };

test('the reference files load as they are', async (context) => {
  skipWithout(context, references);
  const locations = [chicago, { location_code: 'sf', name: 'San Francisco' }];
  for (const location of locations) {
    const config = readLocationConfig(references, location);
    const file = join(references, `${config.location_name}.json`);
    expect(config).toMatchObject(JSON.parse(await readFile(file, 'utf8')));
  }
});

test.each([
  [
    { brand_momentum: { ...momentum, flat: 0.3 }, momentum_rates: rates },
    /brand_momentum improving \+ flat \+ declining must be 1/,
  ],
  [{ brand_momentum: { improving: 1, flat: 0, falling: 0 } }, /brand_momentum.declining .*"falling"/],
  [{ brand_momentum: momentum }, /momentum_rates must be given with brand_momentum/],
  [{ orders_day_1: 50 }, /orders_last and orders_day_1 must be given together/],
  [{ orders_day_1: -1, orders_last: 4 }, /orders_day_1 /],
  [{ dq: { delivery: { ts: 0.1 } } }, /dq.*"delivery"/],
  [{ dq: { delivered: { ts: 1.1 } } }, /dq.delivered.ts /],
  [{ driver_arrival: { alpha: 3, beta: 3, after_ready: 1 } }, /driver_arrival .*"after_ready"/],
  [
    { demand_peaks: [{ from_hour: 13, to_hour: 11, times: 2 }] },
    /demand_peaks.0 from_hour must be before to_hour/,
  ],
  [{ random_seed: 'lucky' }, /random_seed /],
  [{ raduis_mi: 4 }, /"raduis_mi"/],
  [[], /The location config is invalid/],
])('%j is refused, naming the key', (config, message) => {
  expect(() => parseLocationConfig(config)).toThrow(message);
});

test('a file for another location, or invalid JSON, is refused, naming the file', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'chicago.json'), '{"location_name": "boston"}');
  expect(() => readLocationConfig(directory, chicago)).toThrow(
    /chicago.json is invalid: location_name is "boston", but the file is for chicago/,
  );
  await writeFile(join(directory, 'chicago.json'), '{"location_name": ');
  expect(() => readLocationConfig(directory, chicago)).toThrow(/chicago.json is not valid JSON/);
});

test('orders grow in a straight line from the first day to the last, and then stay level', () => {
  const line = { orders_day_1: 60, orders_last: 950, start_days_ago: 3, end_days_ahead: 362 };
  const config = parseLocationConfig({ ...line, weekday_factors: [1, 1, 1, 1, 1, 1, 1] });
  const growth = { base_orders_day: 300, growth_rate_daily: -0.004 };
  const planned = (index: number) => plannedOrders(20_458 + index, index, growth, config);
  expect([0, 364, 500].map(planned)).toEqual([60, 950, 950]);
  expect(planned(182)).toBeCloseTo(505, 6);
});

test('ten brands at shares of .1, .2 and .7: one grows, two stay level, seven decline, to 1.8 and 0.8 after 30 days', () => {
  const { placements } = buildTestModel('portland');
  const ten = placements
    .slice(0, 1)
    .flatMap((one) => [...Array(10).keys()].map((brandId) => ({ ...one, brandId })));
  const config = parseLocationConfig({ brand_momentum: momentum, momentum_rates: rates });
  const weights = (seed: number) =>
    listOpenBrands(applyMomentum(ten, config, seed), 30).map(
      (brand) => [brand.brandId, brand.weight] as const,
    );
  const sorted = weights(1)
    .map(([, weight]) => weight)
    .sort();
  expect(sorted).toEqual([...Array.from({ length: 7 }, () => 0.8), 1, 1, 1.8]);
  expect(weights(1)).toEqual(weights(1));
  expect(weights(1)).not.toEqual(weights(2));
});

test('a config in the reference form gives orders', () => {
  const config = {
    ...{ orders_day_1: 50, orders_last: 1000, start_days_ago: 3, end_days_ahead: 362 },
    ...{ brand_momentum: momentum, momentum_rates: rates, location_name: 'portland' },
    ...{ svc: { cs: [2, 1], sf: [10, 3], fr: [2, 1], rp: [6, 2] }, radius_mi: 4, driver_mph: 25 },
  };
  const model = buildTestModel('portland', { config });
  const ordersOn = (index: number) => [...drawOrders(model, model.startDay + index)].length;
  expect(ordersOn(2)).toBeLessThan(120);
  expect(ordersOn(364)).toBeGreaterThan(700);
  expect(readLocationConfig(directories.configs, { location_code: 'nowhere', name: 'Nowhere' })).toEqual(
    parseLocationConfig({}),
  );
});
