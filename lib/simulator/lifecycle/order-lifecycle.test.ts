import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodySchemas, envelopeSchema, lifecycleTypes, type OrderEvent } from '#lib/contract/event.ts';
import { buildTestModel, codes } from '../location/location-model.testing.ts';
import { drawOrders } from '../orders/draw-orders.ts';
import { countPings, listEvents } from './order-lifecycle.ts';

const drawDay = (code: string, seed: number, index = 0) => {
  const model = buildTestModel(code, { seed });
  const orders = [...drawOrders(model, model.startDay + index)];
  return { model, orders, events: orders.map((order) => listEvents(order, model.origin)) };
};
const anyDay = fc.tuple(fc.constantFrom(...codes), fc.integer(), fc.integer({ min: 0, max: 89 }));

test('every order has its seven events in order, with pings between pick-up and delivery', () => {
  fc.assert(
    fc.property(anyDay, ([code, seed, index]) => {
      for (const events of drawDay(code, seed, index).events) expectLifecycle(events);
    }),
    { numRuns: 25 },
  );
});

function expectLifecycle(events: OrderEvent[]): void {
  expect(events.map((event) => event.sequence)).toEqual([...events.keys()]);
  const steps = events.filter((event) => event.event_type !== 'driver_ping');
  expect(steps.map((event) => event.event_type)).toEqual(lifecycleTypes);
  const [created, started, finished, ready, arrived, pickedUp, delivered] = steps.map((event) => event.ts);
  const kitchen = [created, started, finished, ready, pickedUp, delivered];
  expect(kitchen).toEqual(kitchen.toSorted());
  expect((created ?? '') <= (arrived ?? '') && (arrived ?? '') <= (pickedUp ?? '')).toBe(true);
  const drive = events.slice(5).map((event) => event.ts);
  expect(drive).toEqual(drive.toSorted());
  const driveMs = Date.parse(`${delivered}Z`) - Date.parse(`${pickedUp}Z`);
  expect(events.length - 7).toBe(Math.max(0, Math.floor(driveMs / 60_000) - 1));
  expect(Date.parse(`${delivered}Z`) - Date.parse(`${created}Z`)).toBeLessThan(86_400_000);
}

test('every event conforms to the contract', () => {
  for (const event of drawDay('portland', 5).events.flat()) {
    expect(envelopeSchema.safeParse(event).error).toBeUndefined();
    const body: unknown = JSON.parse(event.body);
    expect(bodySchemas[event.event_type].safeParse(body).error).toBeUndefined();
    expect(event.ts).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
  }
});

test('the route, the pings and the delivery describe the same drive', () => {
  const { events } = drawDay('denver', 8);
  for (const order of events) {
    const bodyOf = (type: string) =>
      JSON.parse(order.find((event) => event.event_type === type)?.body ?? '{}');
    const { route_points: route, eta_mins } = bodyOf('driver_picked_up');
    const { customer_lat, customer_lon, customer_addr } = bodyOf('order_created');
    const { delivered_lat, delivered_lon } = bodyOf('delivered');
    expect(route[0]).toEqual([39.7738, -104.9697]);
    expect(route.at(-1)).toEqual([customer_lat, customer_lon]);
    expect([delivered_lat, delivered_lon]).toEqual([customer_lat, customer_lon]);
    expect(customer_addr).toMatch(/^\d+ .+ (St|Ln|Ave|Blvd), Denver, CO 80216$/);
    expect(eta_mins).toBeGreaterThan(0);
    const shares = order
      .filter((event) => event.event_type === 'driver_ping')
      .map((event) => JSON.parse(event.body));
    expect(shares.every(({ progress_pct }) => progress_pct > 0 && progress_pct < 100)).toBe(true);
  }
});

test('event ids depend on order, sequence and type, and are unique', () => {
  const [one, again] = [drawDay('pittsburgh', 3).events.flat(), drawDay('pittsburgh', 3).events.flat()];
  expect(again).toEqual(one);
  expect(new Set(one.map((event) => event.event_id)).size).toBe(one.length);
  const other = drawDay('pittsburgh', 4).events.flat();
  expect(other.some((event) => one.some(({ event_id }) => event_id === event.event_id))).toBe(false);
});

test.each([
  [0, 0],
  [59_999, 0],
  [119_999, 0],
  [120_000, 1],
  [600_000, 9],
])('a drive of %i ms sends %i pings', (driveMs, pings) => {
  expect(countPings(driveMs, 60_000)).toBe(pings);
});

test('half of the drivers arrive before the order is ready', () => {
  const orders = [1, 2, 3, 4, 5].flatMap((seed) => drawDay('pittsburgh', seed).orders);
  const early = orders.filter((order) => order.arrivedAt < order.readyAt).length;
  expect(Math.abs(early / orders.length - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / orders.length));
});

test('orders are plausible: about 13 events and 35 USD, with a tail of late ones', () => {
  const days = codes.flatMap((code) => [1, 2, 3].map((seed) => drawDay(code, seed, 2)));
  const orders = days.flatMap((day) => day.orders);
  const perOrder = days.flatMap((day) => day.events.flat()).length / orders.length;
  const totals = orders.map((order) => order.items.reduce((sum, item) => sum + item.price * item.qty, 0));
  const minutes = orders
    .map((order) => (order.deliveredAt - order.createdAt) / 60_000)
    .sort((one, other) => one - other);
  const at = (share: number) => minutes[Math.floor(minutes.length * share)] ?? 0;
  expect(perOrder).toBeGreaterThan(11.5);
  expect(perOrder).toBeLessThan(14.5);
  const mean = totals.reduce((sum, total) => sum + total) / totals.length;
  expect(mean).toBeGreaterThan(25);
  expect(mean).toBeLessThan(45);
  expect(at(0.5)).toBeGreaterThan(24);
  expect(at(0.5)).toBeLessThan(40);
  expect(at(0.99)).toBeGreaterThan(at(0.75) * 1.3);
});

test('an order takes the longest preparation time of its brands', () => {
  const { orders } = drawDay('pittsburgh', 1);
  const cooking = (brand: number) => {
    const own = orders.filter((order) => order.items.every((item) => item.brand_id === brand));
    return own.reduce((sum, order) => sum + order.finishedAt - order.startedAt, 0) / own.length / 60_000;
  };
  expect(cooking(13)).toBeGreaterThan(22);
  expect(cooking(14)).toBeLessThan(13);
});
