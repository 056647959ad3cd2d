import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { openEventStream } from '../lifecycle/event-stream.ts';
import { buildTestModel } from '../location/location-model.testing.ts';
import { createDisruptions, STORM_FACTORS } from './disruptions.ts';
import { type Scenario, type ScenarioName, scenarioKinds } from './scenario.ts';

const HOUR = 3_600_000;
const opened = '2026-03-07T12:00:00Z';
const begin = Date.parse(opened);
/** Dinner of a Saturday in Portland. */
const start = '2026-03-08T01:00:00.000Z';
const [from, to] = [Date.parse(start), Date.parse(start) + 2 * HOUR];
const portland = buildTestModel('portland', { start: opened });

function generate(seed: number, scenarios: Scenario[] = [], until = begin + 36 * HOUR): OrderEvent[] {
  const disruptions = createDisruptions(scenarios);
  return openEventStream({ ...portland, seed, disruptions }, begin).take(until);
}
const happening = (name: ScenarioName): Scenario => ({ name, start, length_ms: to - from });
const timeOf = ({ ts }: OrderEvent) => Date.parse(`${ts.replace(' ', 'T')}Z`);
const isDuring = (event: OrderEvent) => timeOf(event) >= from && timeOf(event) < to;

type Times = Partial<Record<OrderEvent['event_type'], number>>;
function listTimes(events: OrderEvent[]): Required<Times>[] {
  const orders = new Map<string, Times>();
  for (const event of events)
    orders.set(event.order_id, { ...orders.get(event.order_id), [event.event_type]: timeOf(event) });
  return [...orders.values()].filter((times): times is Required<Times> => times.delivered !== undefined);
}
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const orderedDuring = ({ order_created }: Required<Times>) => order_created >= from && order_created < to;
const minutes = ({ delivered, order_created }: Required<Times>) => (delivered - order_created) / 60_000;

test.each(Object.keys(scenarioKinds) as ScenarioName[])('%s changes nothing before it begins', (name) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 0, max: 3 * HOUR }), (seed, offset) => {
      const at = from + offset;
      const limit = formatTimestamp(at);
      const before = (events: OrderEvent[]) => events.filter(({ ts }) => ts < limit);
      const scenario = { ...happening(name), start: new Date(at).toISOString() };
      expect(before(generate(seed, [scenario], at))).toEqual(before(generate(seed, [], at)));
    }),
    { numRuns: 10 },
  );
});

test('kitchen-outage: the kitchen stops, orders wait for its end, and all are delivered', () => {
  const [calm, out] = [generate(3), generate(3, [happening('kitchen-outage')])];
  const inKitchen = (event: OrderEvent) => /^gk_/.test(event.event_type) && isDuring(event);
  expect(calm.filter(inKitchen).length).toBeGreaterThan(50);
  expect(out.filter(inKitchen)).toEqual([]);
  const created = (events: OrderEvent[]) => events.filter(({ sequence }) => sequence === 0);
  expect(created(out).filter(isDuring)).toEqual(created(calm).filter(isDuring));
  const waited = listTimes(out).filter(orderedDuring);
  expect(waited.every(({ gk_started }) => gk_started >= to)).toBe(true);
  expect(mean(waited.map(minutes))).toBeGreaterThan(
    mean(listTimes(calm).filter(orderedDuring).map(minutes)) + 45,
  );
  expect(listTimes(out).length).toBeGreaterThan(created(out).length * 0.95);
});

test('driver-strike: no driver arrives or picks up; drivers on the road deliver', () => {
  const [calm, strike] = [generate(3), generate(3, [happening('driver-strike')])];
  const atKitchen = (event: OrderEvent) =>
    ['driver_arrived', 'driver_picked_up'].includes(event.event_type) && isDuring(event);
  expect(calm.filter(atKitchen).length).toBeGreaterThan(50);
  expect(strike.filter(atKitchen)).toEqual([]);
  expect(strike.some((event) => event.event_type === 'delivered' && isDuring(event))).toBe(true);
  const inKitchen = (events: OrderEvent[]) => events.filter(({ event_type }) => /^gk_/.test(event_type));
  expect(inKitchen(strike)).toEqual(inKitchen(calm));
  for (const { driver_arrived, driver_picked_up, delivered, gk_ready } of listTimes(strike)) {
    expect(driver_picked_up).toBeGreaterThanOrEqual(Math.max(driver_arrived, gk_ready));
    expect(delivered).toBeGreaterThan(driver_picked_up);
  }
});

test('storm: there are more orders, and drives take longer', () => {
  const counted = [1, 2, 3, 4, 5, 6].map((seed) => {
    const [calm, storm] = [listTimes(generate(seed)), listTimes(generate(seed, [happening('storm')]))];
    const drives = (orders: Required<Times>[]) =>
      orders
        .filter(({ driver_picked_up }) => driver_picked_up >= from && driver_picked_up < to)
        .map(({ delivered, driver_picked_up }) => delivered - driver_picked_up);
    return {
      calm: calm.filter(orderedDuring).length,
      storm: storm.filter(orderedDuring).length,
      drive: mean(drives(storm)) / mean(drives(calm)),
    };
  });
  const sum = (key: 'calm' | 'storm') => counted.reduce((total, each) => total + each[key], 0);
  const deviation = Math.sqrt(sum('storm') + sum('calm') * STORM_FACTORS.demand ** 2);
  expect(Math.abs(sum('storm') - sum('calm') * STORM_FACTORS.demand)).toBeLessThan(4 * deviation);
  expect(sum('storm')).toBeGreaterThan(sum('calm') * 1.2);
  expect(mean(counted.map(({ drive }) => drive))).toBeCloseTo(STORM_FACTORS.drive, 0);
});

test('overlapping outages are merged', () => {
  const outage = (at: number, hours: number): Scenario => ({
    name: 'kitchen-outage',
    start: new Date(at).toISOString(),
    length_ms: hours * HOUR,
  });
  const { workUntil: work } = createDisruptions([
    outage(from + HOUR, 2),
    outage(from, 2),
    outage(from + 5 * HOUR, 1),
  ]);
  expect(work(from - 60_000, 120_000)).toBe(from + 3 * HOUR + 60_000);
  expect(work(from + HOUR, 60_000)).toBe(from + 3 * HOUR + 60_000);
  expect(work(from + 4 * HOUR, 2 * HOUR)).toBe(from + 7 * HOUR);
  expect(work(from - HOUR, 60_000)).toBe(from - HOUR + 60_000);
});
