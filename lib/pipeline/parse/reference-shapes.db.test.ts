import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createVolume, drain, readRows } from '../lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into simulator.locations (location_id, location_code, name, lat, lon) values (1, 'sf', 'San Francisco', 0, 0)`,
  );
});
afterAll(() => db.close());

const body = {
  customer_lat: 37.7,
  customer_lon: -122.4,
  customer_addr: '1 Main St',
  items: [{ id: 1, category_id: 2, menu_id: 3, brand_id: 4, name: 'Soup', price: 8.08, qty: 3 }],
};
type Shape = {
  ts: string;
  gk_id?: string | null;
  location?: string | null;
  location_id?: number;
  body: unknown;
};

/** The same order at the same instant in the shapes that exist: what each source writes, leaves out or writes otherwise. */
const shapes: Record<string, Shape> = {
  'a number for the place, no kitchen, milliseconds, the body as a text': {
    ts: '2026-10-01 12:34:56.789',
    location_id: 1,
    body: JSON.stringify(body),
  },
  'a code for the place, a kitchen, microseconds, the body as a text': {
    ts: '2026-10-01 12:34:56.789000',
    gk_id: '0f8fad5bd9cb469fa16570867728950e',
    location: 'sf',
    body: JSON.stringify(body),
  },
  'both, ISO 8601 with an offset, the body as an object': {
    ts: '2026-10-01T05:34:56.789-07:00',
    gk_id: null,
    location: 'sf',
    location_id: 1,
    body,
  },
  'ISO 8601 in UTC, nulls where the source does not know': {
    ts: '2026-10-01T12:34:56.789Z',
    gk_id: null,
    location: null,
    location_id: 1,
    body: { ...body, customer_lat: null, customer_lon: null, customer_addr: null },
  },
};
const events = Object.values(shapes).map((shape, n) => ({
  event_id: `e${n}`,
  event_type: 'order_created',
  order_id: `o${n}`,
  sequence: 0,
  ...shape,
}));

test('the same order gives the same rows in every table, whatever the shape of its file', async () => {
  const [one, ...others] = events.map((event) => JSON.stringify(event));
  const volume = await createVolume({ '1.json': one ?? '', '2.json': `[${others.join(',')}]` });
  expect(await drain(db, volume)).toMatchObject({ events: 4, quarantined: 0 });
  const lines = `
    select distinct order_ts, location, location_id, order_day, line_no, item_id, item_name, price, qty, extended_price
    from lakeflow.silver_order_items`;
  expect(await readRows(db.pool, lines)).toEqual([
    {
      ...{
        order_ts: '2026-10-01T12:34:56.789+00:00',
        location: 'sf',
        location_id: '1',
        order_day: '2026-10-01',
      },
      ...{ line_no: '1', item_id: '1', item_name: 'Soup', price: '8.08', qty: '3', extended_price: '24.24' },
    },
  ]);
  expect(await readRows(db.pool, 'select orders, revenue from lakeflow.gold_location_sales_hourly')).toEqual([
    { orders: '4', revenue: '96.96' },
  ]);
  const kept = await readRows(db.pool, 'select event_id, gk_id, body::text as body from lakeflow.all_events');
  expect(kept).toEqual(
    events.map(({ event_id, gk_id, body: given }) => ({
      event_id,
      gk_id: gk_id ?? null,
      body: typeof given === 'string' ? given : JSON.stringify(given),
    })),
  );
});
