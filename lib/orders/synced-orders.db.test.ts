import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, inTransaction } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { buildBrands, buildOrders } from './build-orders.ts';
import { getOrder } from './get-order.ts';
import { listOrderEvents } from './order-events.ts';
import { getDestination, getPhaseTimings, getSyncedOrder, listBrands } from './synced-orders.ts';

/** The lakehouse and the console's database. */
let lakehouse: TestDatabase;
let console: TestDatabase;
const ids = ['A', 'B', 'unnoted', 'strange'];

beforeAll(async () => {
  [lakehouse, console] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await lakehouse.pool.query(`
    select lakeflow.add_partitions(array_agg('2026-11-15'::date + n)) from generate_series(0, 9) as n;
    insert into simulator.brands (brand_id, name) values (1, 'Noodle Bar'), (2, 'Grill');
    insert into simulator.locations (location_id, location_code, name, lat, lon, time_zone)
    values (1, 'sf', 'San Francisco', 37.7, -122.4, 'America/Los_Angeles');
    insert into lakeflow.silver_orders (order_id, first_day, last_day, created_batch, delivered_batch)
    values ('A', '2026-11-20', '2026-11-21', 3, 7), ('B', '2026-11-17', '2026-11-17', 4, null);
    insert into lakeflow.silver_order_items
      (order_id, gk_id, location, location_id, order_ts, order_day, line_no, item_id, brand_id, item_name, price, qty,
       extended_price, batch_id)
    values
      ('A', 'gk', 'sf', 1, '2026-11-20 23:50:00.123456+00', '2026-11-20', 1, 7, 1, 'Ramen', 12.50, 2, 25.00, 1),
      ('A', 'gk', 'sf', 1, '2026-11-20 23:50:00.123456+00', '2026-11-20', 2, 8, 99, null, 0.10, 3, 0.30, 1),
      ('B', null, null, null, '2026-11-17 12:00+00', '2026-11-17', 1, null, null, null, 1, 1, 1, 1),
      ('unnoted', 'gk', 'sf', 1, '2026-11-18 12:00+00', '2026-11-18', 1, 7, 2, 'Ribs', 9.99, 1, 9.99, 1);
    insert into lakeflow.silver_customer_places (order_id, order_day, latitude, longitude, address)
    values ('A', '2026-11-20', 37.5, -122.1, '1 Main St'), ('unnoted', '2026-11-18', null, null, null);
    insert into lakeflow.silver_deliveries (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    values ('A', 'sf', '2026-11-20 23:50:00.123456+00', '2026-11-21 00:20+00', 29.997942, 7)`);
  await insertEvents([
    [
      'A',
      'e4',
      'delivered',
      '2026-11-21 00:20+00',
      9,
      { delivered_lat: 37.123456, delivered_lon: -122.1, note: 'x' },
    ],
    ['A', 'e3', 'driver_ping', '2026-11-21 00:10+00', 7, { progress_pct: 50, loc_lat: 1, loc_lon: 2 }],
    ['A', 'e2', 'gk_started', '2026-11-20 23:52+00', 1, { cook: 'Kanaria' }],
    ['A', 'e1', 'order_created', '2026-11-20 23:50:00.123456+00', 0, JSON.stringify(created)],
  ]);
  await copy(ids);
});
afterAll(() => Promise.all([lakehouse.close(), console.close()]));

const created = {
  customer_addr: '1 Main St',
  customer_lat: 37.5,
  customer_lon: -122.1,
  items: [{ id: 7, brand_id: 1, name: 'Ramen', price: 12.5, qty: 2 }],
};

async function insertEvents(events: [string, string, string, string, number, unknown][]): Promise<void> {
  for (const event of events)
    await lakehouse.pool.query(
      `insert into lakeflow.all_events
         (order_id, event_id, event_type, ts, sequence, body, source_file, source_line, ingested_at, batch_id)
       values ($1, $2, $3, $4, $5, $6, 'f', 1, now(), 1)`,
      [...event.slice(0, 5), JSON.stringify(event[5])],
    );
}

/** Writes built orders as the sync does. */
async function copy(orderIds: string[]): Promise<void> {
  const populate = (table: string, list: unknown, extra = '') =>
    console.pool.query(
      `insert into recommender.${table}
       select (jsonb_populate_record(row, '${extra || '{}'}')).*
       from json_populate_recordset(null::recommender.${table}, $1) as row`,
      [list],
    );
  const built = await buildOrders(lakehouse.pool, orderIds);
  await populate('pg_orders', `[${built.map(({ order }) => order)}]`, '{"synced_at": "2026-11-22"}');
  await populate('pg_order_places', `[${built.flatMap(({ place }) => place ?? [])}]`);
  await populate('pg_brands', await buildBrands(lakehouse.pool));
}

test('a synced order is the order of the lakehouse, with its events, and nothing of the customer', async () => {
  for (const orderId of ['A', 'B', 'unnoted']) {
    const synced = await getSyncedOrder(console, orderId);
    const order = await getOrder(lakehouse, orderId);
    expect(synced?.order).toEqual(order);
    expect(synced?.events).toEqual(await listOrderEvents(lakehouse, orderId));
    expect(synced?.order.totalCents).toBeGreaterThan(0);
  }
  expect(await getSyncedOrder(console, 'strange')).toBeUndefined();
  const { rows } = await console.pool.query('select o::text as row from recommender.pg_orders as o');
  expect(JSON.stringify(rows)).not.toMatch(/Main St|customer_|Kanaria|"note/);
});

test('the batch that last changed an order is its version', async () => {
  const { rows } = await console.pool.query(
    'select order_id, facts_batch::integer, brand_ids, total_usd from recommender.pg_orders order by order_id',
  );
  expect(rows).toEqual([
    { order_id: 'A', facts_batch: 7, brand_ids: [1, 99], total_usd: '25.30' },
    { order_id: 'B', facts_batch: 4, brand_ids: [], total_usd: '1.00' },
    { order_id: 'unnoted', facts_batch: 0, brand_ids: [2], total_usd: '9.99' },
  ]);
});

test('the destination is kept apart from the order', async () => {
  expect(await getDestination(console, 'A')).toEqual({ address: '1 Main St', lat: 37.5, lon: -122.1 });
  expect(await getDestination(console, 'unnoted')).toEqual({ address: null, lat: null, lon: null });
  expect(await getDestination(console, 'B')).toBeUndefined();
});

test('all brands can be filtered by', async () => {
  expect(await listBrands(console)).toEqual([
    { id: 2, name: 'Grill' },
    { id: 1, name: 'Noodle Bar' },
  ]);
});

test('orders are built only from the partitions of their days', async () => {
  const names = await inTransaction(lakehouse.pool, async (connection) => {
    // Planned for each order, so that the partitions that the executor leaves out are not locked either.
    const scanned = await countScans(connection);
    await buildOrders(connection, ['A', 'B']);
    return { before: scanned, after: await countScans(connection) };
  });
  const touched = names.after.filter(
    ({ name, scans }) => names.before.find((one) => one.name === name)?.scans !== scans,
  );
  expect(touched.map(({ name }) => name)).toEqual([
    ...['all_events_20261117', 'all_events_20261120', 'all_events_20261121'],
    ...['silver_order_items_20261117', 'silver_order_items_20261120', 'silver_order_items_20261121'],
  ]);
});

/** How often each partition was scanned by this transaction. */
async function countScans(connection: Connection): Promise<{ name: string; scans: string }[]> {
  const { rows } = await connection.query(`
    select relname as name, sum(pg_stat_get_xact_numscans(oid) + coalesce((
      select sum(pg_stat_get_xact_numscans(indexrelid)) from pg_index where indrelid = pg_class.oid), 0)) as scans
    from pg_class
    where relkind = 'r' and (relname like 'all_events_2%' or relname like 'silver_order_items_2%')
    group by 1 order by 1`);
  return rows;
}

test('a phase has the quartiles of the deliveries of the day that report both of its ends', async () => {
  // Four orders whose cooking takes 10, 20, 30 and 40 minutes; the last was delivered more than a day before.
  await console.pool.query(`
    insert into recommender.pg_orders (order_id, facts_batch, location, created_ts, delivered_ts, total_usd, brand_ids,
      lines, border_ts, events, synced_at)
    select order_id, 1, 'pdx', delivered - interval '1 hour', delivered, 1, '{}', '[]',
      array[null, delivered - interval '1 hour', delivered - interval '1 hour' + make_interval(mins => minutes), null,
        null, delivered], '[]', now()
    from (values ('a', 10, '2026-11-20 11:00+00'::timestamptz), ('b', 20, '2026-11-20 12:00+00'),
      ('c', 30, '2026-11-19 12:30+00'), ('old', 40, '2026-11-19 12:00+00')) as cooking (order_id, minutes, delivered)`);
  const until = new Date('2026-11-20T12:00:00Z');
  expect(await getPhaseTimings(console, 'pdx', until)).toEqual({
    cooking: { deliveries: 3, p50: 20, p75: 25 },
  });
  expect(await getPhaseTimings(console, 'nowhere', until)).toEqual({});
  expect(await getPhaseTimings(console, 'pdx', new Date('2026-11-10'))).toEqual({});
});
