import { expect, test } from 'vitest';
import { drawOrders } from '../orders/draw-orders.ts';
import { listOpenBrands } from './brands.ts';
import { buildTestModel, codes, dimensions } from './location-model.testing.ts';

const brandsOfDay = (code: string, index: number) => {
  const model = buildTestModel(code, { config: { basket: { one_brand_pct: 0 } } });
  const orders = [...drawOrders(model, model.startDay + index)];
  return new Set(orders.flatMap((order) => order.items.map((item) => item.brand_id)));
};

test('brand 19 opens in Austin on day 45, brand 14 closes in Pittsburgh on day 60', () => {
  expect(brandsOfDay('austin', 44).has(19)).toBe(false);
  expect(brandsOfDay('austin', 45).has(19)).toBe(true);
  expect(brandsOfDay('pittsburgh', 59).has(14)).toBe(true);
  expect(brandsOfDay('pittsburgh', 60).has(14)).toBe(false);
});

test.each(codes)('%s sells exactly the brands placed there', (code) => {
  const { location } = buildTestModel(code);
  const placed = dimensions.brand_locations
    .filter((row) => row.location_id === location.location_id && row.start_day === 0)
    .map((row) => row.brand_id);
  expect([...brandsOfDay(code, 3)].sort()).toEqual(placed.sort());
});

test('momentum: a monthly rate of 0.2 makes 1.2 after 30 days, and no brand falls below 0.1', () => {
  const placement = (growthMonthly: number, startDay = 0) => ({
    brandId: 1,
    prepMinutes: 10,
    items: [],
    startDay,
    endDay: Number.POSITIVE_INFINITY,
    growthMonthly,
  });
  const weightOf = (growth: number, index: number, startDay = 0) =>
    listOpenBrands([placement(growth, startDay)], index)[0]?.weight;
  expect(weightOf(0.2, 30)).toBeCloseTo(1.2, 10);
  expect(weightOf(-0.2, 30)).toBeCloseTo(0.8, 10);
  expect(weightOf(-0.9, 365)).toBe(0.1);
  expect(weightOf(0.5, 75, 45)).toBeCloseTo(1.5, 10);
  expect(weightOf(0.5, 44, 45)).toBeUndefined();
});
