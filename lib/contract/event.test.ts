import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodySchemas, envelopeSchema, eventTypes, lifecycleTypes } from '#lib/contract/event.ts';

const envelope = {
  event_id: 'e1',
  event_type: 'gk_ready',
  ts: '2024-05-01 12:00:00.000000',
  order_id: 'o1',
  sequence: 3,
  body: '{}',
};
const item = { id: 1, category_id: 2, menu_id: 3, brand_id: 4, name: 'Soup', price: 4.5, qty: 2 };
const holds = (change: object) => envelopeSchema.safeParse({ ...envelope, ...change }).success;
const holdsItem = (change: object) =>
  bodySchemas.order_created.safeParse({ items: [{ ...item, ...change }] }).success;

test('there are seven lifecycle events and the ping, each with a body of its own', () => {
  expect(lifecycleTypes).toHaveLength(7);
  expect(eventTypes.toSorted()).toEqual(Object.keys(bodySchemas).toSorted());
});

describe('the envelope', () => {
  test('may leave out, or leave empty, what a source does not know', () => {
    expect(holds({})).toBe(true);
    expect(holds({ gk_id: null, location: null, location_id: null })).toBe(true);
    expect(holds({ location: 'sf', location_id: 1, gk_id: 'gk-1', more: 'is kept elsewhere' })).toBe(true);
  });

  test('takes the body as a text or as an object', () => {
    expect(holds({ body: { items: [] } })).toBe(true);
    for (const body of [null, 5, [], undefined]) expect(holds({ body })).toBe(false);
  });

  test.each([
    { event_id: '' },
    { event_id: 7 },
    { event_id: 'x'.repeat(201) },
    { event_type: 'order_eaten' },
    { ts: 'yesterday' },
    { ts: 1_700_000_000 },
    { order_id: undefined },
    { order_id: null },
    { sequence: -1 },
    { sequence: 1.5 },
    { sequence: 2 ** 31 },
    { location_id: 2 ** 31 },
    { location: 'x'.repeat(201) },
  ])('refuses %j', (change) => {
    expect(holds(change)).toBe(false);
  });

  test('brings the time to UTC with microseconds', () => {
    const { ts } = envelopeSchema.parse({ ...envelope, ts: '2024-05-01T14:00:00.5+02:00' });
    expect(ts).toBe('2024-05-01T12:00:00.500000Z');
  });
});

describe('an order', () => {
  test.each([
    {},
    { id: null, brand_id: null, name: null },
    { price: 0 },
    { price: 19.99 },
    { price: 10_000 },
  ])('takes a line with %j', (change) => {
    expect(holdsItem(change)).toBe(true);
  });

  test.each([
    { qty: 0 },
    { qty: -1 },
    { qty: 1.5 },
    { qty: '2' },
    { qty: 1_001 },
    { price: -0.01 },
    { price: 4.505 },
    { price: '4.50' },
    { price: 10_000.01 },
    { price: Number.NaN },
    { id: 2 ** 31 },
  ])('refuses a line with %j', (change) => {
    expect(holdsItem(change)).toBe(false);
  });

  test('has at least one line and at most 500', () => {
    const lines = (count: number) => ({ items: Array.from({ length: count }, () => item) });
    expect(bodySchemas.order_created.safeParse(lines(0)).success).toBe(false);
    expect(bodySchemas.order_created.safeParse(lines(500)).success).toBe(true);
    expect(bodySchemas.order_created.safeParse(lines(501)).success).toBe(false);
  });

  test('takes every price in whole cents and no other', () => {
    const tenthsOfCents = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(tenthsOfCents, (tenths) => holdsItem({ price: tenths / 1000 }) === (tenths % 10 === 0)),
    );
  });
});

test('a driver may come without a route, and a ping without a place', () => {
  expect(bodySchemas.driver_picked_up.safeParse({}).success).toBe(true);
  expect(
    bodySchemas.driver_picked_up.safeParse({ route_points: [[37.7, -122.4]], eta_mins: 9 }).success,
  ).toBe(true);
  expect(bodySchemas.driver_picked_up.safeParse({ route_points: [[37.7]] }).success).toBe(false);
  expect(bodySchemas.driver_ping.safeParse({ progress_pct: 50, loc_lat: null, loc_lon: null }).success).toBe(
    true,
  );
  expect(bodySchemas.delivered.safeParse({ delivered_lat: '37.7' }).success).toBe(false);
});
