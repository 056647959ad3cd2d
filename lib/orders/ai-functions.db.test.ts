import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { toDecimal } from '#lib/money.ts';
import { getDeliveryTime, getOrder } from './get-order.ts';
import { getLocationTimings } from './get-timings.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into simulator.brands (brand_id, name) select n, 'Brand ' || n from generate_series(1, 3) as n;
    insert into simulator.locations (location_id, location_code, name, lat, lon)
    values (1, 'sf', 'San Francisco', 37.7, -122.4);
    insert into lakeflow.silver_order_items
      (order_id, gk_id, location, location_id, order_ts, order_day, line_no, item_id, brand_id, item_name, price, qty,
       extended_price, batch_id)
    select 'O' || n, 'gk', case when n % 4 > 0 then 'sf' end, 1, placed, placed::date, line,
      n, nullif(n % 5, 4), nullif('Item ' || n, 'Item 7'), n + 0.1, line, (n + 0.1) * line, 1
    from generate_series(1, 40) as n
    cross join lateral (select timestamptz '2026-11-18 20:00:00.123456+00' + n * interval '73 minutes' as placed) as at
    cross join generate_series(1, 1 + n % 3) as line;
    insert into lakeflow.silver_deliveries (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    select order_id, location, order_ts, order_ts + interval '20 minutes' + length(order_id) * interval '7.3 seconds',
      20 + length(order_id) * 7.3 / 60, 1
    from lakeflow.silver_order_items where line_no = 1 and order_id <> 'O40'`);
});
afterAll(() => database.close());

async function read(sql: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await database.pool.query(sql, values)).rows;
}

test('ai.get_order_details returns the same lines as getOrder', async () => {
  for (const orderId of ['O1', 'O4', 'O7', 'O23', 'O40']) {
    const order = await getOrder(database, orderId);
    const rows = await read('select * from ai.get_order_details($1)', [orderId]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(
      order?.lines.map((line) => ({
        order_id: order.orderId,
        gk_id: order.gkId,
        location: order.location.code,
        location_id: order.location.id,
        location_name: order.location.name,
        order_ts: new Date(order.createdTs),
        line_no: line.lineNo,
        item_id: line.itemId,
        item_name: line.name,
        brand_id: line.brandId,
        brand_name: line.brandName,
        price: toDecimal(line.priceCents),
        qty: line.qty,
        extended_price: toDecimal(line.extendedCents),
      })),
    );
  }
  expect(await read('select * from ai.get_order_details($1)', ['unknown'])).toEqual([]);
});

test('ai.get_order_delivery_time returns the time from created to delivered, and no row before the delivery', async () => {
  const { minutes } = (await getDeliveryTime(database, 'O5')) ?? {};
  expect(await read('select * from ai.get_order_delivery_time($1)', ['O5'])).toMatchObject([
    { order_id: 'O5', delivery_minutes: minutes },
  ]);
  expect(await read('select * from ai.get_order_delivery_time($1)', ['O40'])).toEqual([]);
});

test("ai.get_location_timings covers the 24 hours of event time up to an instant, or to the location's newest delivery", async () => {
  const [newest] = await read('select * from ai.get_location_timings($1)', ['sf']);
  const until = newest?.window_to;
  if (!(until instanceof Date)) throw new Error('the window ends at a delivery');
  const [recomputed] = await read(
    `select count(*)::integer as deliveries,
       percentile_cont(array[0.5, 0.75, 0.99]) within group (order by delivery_minutes) as p,
       max(delivered_ts) as newest
     from lakeflow.silver_deliveries
     where location = 'sf' and delivered_ts > (
       select max(delivered_ts) - interval '24 hours' from lakeflow.silver_deliveries where location = 'sf')`,
    [],
  );
  expect(recomputed?.deliveries).toBeGreaterThan(10);
  expect([newest?.p50, newest?.p75, newest?.p99]).toEqual(recomputed?.p);
  expect(newest).toMatchObject({ deliveries: recomputed?.deliveries, window_to: recomputed?.newest });
  const earlier = new Date(until.getTime() - 3 * 3_600_000);
  const [byFunction] = await read('select * from ai.get_location_timings($1, $2)', ['sf', earlier]);
  const { deliveries, p75 } = await getLocationTimings(database, 'sf', earlier);
  expect(byFunction).toMatchObject({ deliveries, p75 });
  expect(await read('select deliveries, p50 from ai.get_location_timings($1)', ['nowhere'])).toEqual([
    { deliveries: 0, p50: null },
  ]);
});
