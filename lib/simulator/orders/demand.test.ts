import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '#lib/random.ts';
import { listOpenMinutes, weekdayOf } from '../location/local-time.ts';
import { parseLocationConfig } from '../location/location-config.ts';
import { buildTestModel, codes } from '../location/location-model.testing.ts';
import type { LocationModel } from '../location/location-model.ts';
import { demandAt, drawArrivals, drawOrderTimes, planDay, plannedOrders, weighMinutes } from './demand.ts';

const config = parseLocationConfig({});

function creationsOf(model: LocationModel, day: number): number[] {
  const plan = planDay(model, day);
  return plan ? [...drawOrderTimes(model, day, plan)] : [];
}

test('demand is 1 in an ordinary minute, 3 in the middle of lunch and 3.5 in the middle of dinner', () => {
  expect([9, 11, 12.25, 13.5, 18.5, 21].map((hour) => demandAt(hour * 60, config))).toEqual([
    1, 1, 3, 1, 3.5, 1,
  ]);
  const late = buildTestModel('austin').config;
  expect([23, 25].map((hour) => demandAt(hour * 60, late))).toEqual([2, 1]);
});

test.each(codes)('%s: thirty days of orders follow the demand curve (chi-square, p > 0.01)', (code) => {
  const model = buildTestModel(code);
  const minutes = listOpenMinutes(model.startDay, model.location);
  const weights = Array.from({ length: minutes.length / 15 }, () => 0);
  for (const [index, { localMinute }] of minutes.entries())
    weights[Math.floor(index / 15)] =
      (weights[Math.floor(index / 15)] ?? 0) + demandAt(localMinute + 0.5, model.config);
  const counts = weights.map(() => 0);
  for (let day = model.startDay; day < model.startDay + 30; day += 1)
    for (const at of creationsOf(model, day)) {
      const opening = listOpenMinutes(day, model.location)[0]?.at ?? 0;
      const quarter = Math.floor((at - opening) / 900_000);
      counts[quarter] = (counts[quarter] ?? 0) + 1;
    }
  const orders = counts.reduce((sum, count) => sum + count);
  const total = weights.reduce((sum, weight) => sum + weight);
  const chiSquare = counts.reduce((sum, count, index) => {
    const expected = (orders * (weights[index] ?? 0)) / total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  expect(chiSquare).toBeLessThan(criticalChiSquare(counts.length - 1));
});

test('a weekday has its factor, and growth compounds daily', () => {
  const monday = 20_458; // 2026-01-05
  const growth = { base_orders_day: 200, growth_rate_daily: 0.0065 };
  expect(weekdayOf(monday)).toBe(0);
  expect(plannedOrders(monday, 0, growth, config)).toBe(200);
  expect(plannedOrders(monday + 5, 0, growth, config)).toBe(270);
  expect(plannedOrders(monday + 7, 90, growth, config)).toBeCloseTo(200 * 1.0065 ** 90, 6);
});

test.each([
  ['portland', 0.0065],
  ['austin', 0.0135],
  ['denver', 0],
  ['pittsburgh', -0.004],
])('%s: day 0 and day 89 match base·(1 + g)^day within 3 sigma over seeds', (code, rate) => {
  for (const index of [0, 89]) {
    const counts = Array.from({ length: 40 }, (_, seed) => {
      const model = buildTestModel(code, { seed });
      return creationsOf(model, model.startDay + index).length;
    });
    const model = buildTestModel(code);
    const base = (model.location.base_orders_day ?? 0) * (1 + rate) ** index;
    const planned = base * (model.config.weekday_factors[weekdayOf(model.startDay + index)] ?? 0);
    const sigma = Math.sqrt(planned + (planned * 0.1) ** 2 / 3) / Math.sqrt(40);
    expect(Math.abs(counts.reduce((sum, count) => sum + count) / 40 - planned)).toBeLessThan(3 * sigma);
  }
});

test('arrivals are ascending, inside the open minutes, and as many as expected', () => {
  const hours = { time_zone: 'America/Chicago', opens_at: '10:00', closes_at: '01:00' };
  const minutes = weighMinutes(listOpenMinutes(20_500, hours), config);
  const [from, to] = [minutes[0]?.at ?? 0, (minutes.at(-1)?.at ?? 0) + 60_000];
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2000 }), (seed, expected) => {
      const arrivals = [...drawArrivals(minutes, expected, stream(seed))];
      expect(arrivals).toEqual(arrivals.toSorted((one, other) => one - other));
      expect(arrivals.every((at) => at >= from && at < to)).toBe(true);
      expect(Math.abs(arrivals.length - expected)).toBeLessThan(6 * Math.sqrt(expected) + 6);
    }),
  );
});

/** The 99th percentile of chi-square, after Wilson and Hilferty. */
function criticalChiSquare(freedom: number): number {
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + 2.326 * Math.sqrt(spread)) ** 3;
}
