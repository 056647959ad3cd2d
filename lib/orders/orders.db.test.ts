import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { getDeliveryTime, getOrder } from './get-order.ts';
import { getLocationTimings } from './get-timings.ts';
import { listOrderEvents } from './order-events.ts';

let database: TestDatabase;

const created = {
  customer_addr: '1 Main St',
  customer_lat: 37.5,
  customer_lon: -122.1,
  items: [{ id: 7, brand_id: 1, name: 'Ramen', price: 12.5, qty: 2 }],
};

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into simulator.brands (brand_id, name) values (1, 'Noodle Bar');
    insert into simulator.locations (location_id, location_code, name, lat, lon)
    values (1, 'sf', 'San Francisco', 37.7, -122.4);
    insert into lakeflow.silver_order_items
      (order_id, gk_id, location, location_id, order_ts, order_day, line_no, item_id, brand_id, item_name, price, qty,
       extended_price, batch_id)
    values
      ('A', 'gk', 'sf', 1, '2026-11-20 12:00+00', '2026-11-20', 1, 7, 1, 'Ramen', 12.50, 2, 25.00, 1),
      ('A', 'gk', 'sf', 1, '2026-11-20 12:00+00', '2026-11-20', 2, 8, 99, null, 0.10, 3, 0.30, 1),
      ('B', null, null, null, '2026-11-20 12:00+00', '2026-11-20', 1, null, null, null, 1, 1, 1, 1);
    insert into lakeflow.silver_deliveries (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    values
      ('A', 'sf', '2026-11-20 12:00+00', '2026-11-20 12:30+00', 30, 1),
      ('C', 'sf', '2026-11-19 11:50+00', '2026-11-19 12:30+00', 40, 1),
      ('D', 'sf', '2026-11-20 12:20+00', '2026-11-20 12:30+00', 10, 1);
  `);
  await insertEvents([
    ['e3', 'driver_ping', '2026-11-20 12:20+00', 7, { progress_pct: 50, loc_lat: 1, loc_lon: 2 }],
    ['e2', 'driver_ping', '2026-11-20 12:20+00', 6, '{"progress_pct":40,"loc_lat":1,"loc_lon":2}'],
    ['e1', 'order_created', '2026-11-20 12:00:00.123456+00', 0, JSON.stringify(created)],
  ]);
});
afterAll(() => database.close());

async function insertEvents(events: [string, string, string, number, unknown][]): Promise<void> {
  for (const [id, type, ts, sequence, body] of events)
    await database.pool.query(
      `insert into lakeflow.all_events
         (event_id, event_type, ts, order_id, sequence, body, source_file, source_line, ingested_at, batch_id)
       values ($1, $2, $3, 'A', $4, $5, 'f', 1, now(), 1)`,
      [id, type, ts, sequence, JSON.stringify(body)],
    );
}

test('events are sorted by time, then sequence, and bodies are read from strings and objects', async () => {
  const events = await listOrderEvents(database, 'A');
  expect(events.map(({ eventId }) => eventId)).toEqual(['e1', 'e2', 'e3']);
  expect(events[0]?.ts).toBe('2026-11-20T12:00:00.123456Z');
  expect(events[1]?.body).toEqual({ progress_pct: 40, loc_lat: 1, loc_lon: 2 });
  expect(events[2]?.body).toEqual({ progress_pct: 50, loc_lat: 1, loc_lon: 2 });
  expect(await listOrderEvents(database, 'unknown')).toEqual([]);
});

test('an order has its lines, brands, total in cents and times, and nothing of the customer', async () => {
  const order = await getOrder(database, 'A');
  expect(order).toMatchObject({
    location: { code: 'sf', id: 1, name: 'San Francisco' },
    createdTs: '2026-11-20T12:00:00.000Z',
    deliveredTs: '2026-11-20T12:30:00.000Z',
    deliveryMinutes: 30,
    brands: [
      { id: 1, name: 'Noodle Bar' },
      { id: 99, name: null },
    ],
    totalCents: 2530,
  });
  expect(order?.lines[1]).toMatchObject({ lineNo: 2, name: null, priceCents: 10, qty: 3, extendedCents: 30 });
  expect(JSON.stringify(order)).not.toContain('Main St');
  expect(await getOrder(database, 'unknown')).toBeUndefined();
});

test('an order that is not delivered, at an unknown location, is returned', async () => {
  const order = await getOrder(database, 'B');
  expect(order).toMatchObject({ deliveredTs: null, deliveryMinutes: null, totalCents: 100 });
  expect(order?.location).toEqual({ code: null, id: null, name: null, timeZone: null });
  expect(await getDeliveryTime(database, 'B')).toBeUndefined();
});

test("a location's timings cover the 24 hours up to an instant: the start excluded, the end included", async () => {
  const until = new Date('2026-11-20T12:30:00Z');
  expect(await getLocationTimings(database, 'sf', until)).toMatchObject({ deliveries: 2, p50: 20, p75: 25 });
  const empty = await getLocationTimings(database, 'unknown', until);
  expect(empty).toMatchObject({ deliveries: 0, p50: null, p99: null });
});
