import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { stream } from '#lib/random.ts';
import { referenceData } from '#lib/reference-data.testing.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../lakehouse.testing.ts';

const folder = referenceData('real-orders');

type Sales = { orders: number; revenue: number };
type Expected = {
  orders: number;
  delivered: number;
  events: number;
  revenue: number;
  by_location: Record<string, Sales>;
  by_brand_day: Record<string, Sales>;
  by_location_hour: Record<string, Sales>;
  order_minutes: Record<string, number>;
};

describe.skipIf(!existsSync(folder))(`real orders (needs ${folder})`, () => {
  const events = join(folder, 'events');
  let db: TestDatabase;
  let expected: Expected;
  let files: Map<string, string>;

  beforeAll(async () => {
    db = await createTestDatabase();
    expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    const names = (await readdir(events)).sort();
    files = new Map(
      await Promise.all(
        names.map(async (name) => [name, await readFile(join(events, name), 'utf8')] as const),
      ),
    );
  });
  afterEach(() => emptyLakehouse(db.pool));
  afterAll(() => db.close());

  test('give every figure that is expected, to the cent and the order', async () => {
    const counts = await drain(db, events);
    expect(counts).toMatchObject({ files: 24, events: 15_823, duplicates: 0, quarantined: 0, failures: [] });
    await expectFigures();
  });

  test('give the same after a second run, which has nothing to do', async () => {
    await drain(db, events);
    const counts = await drain(db, events);
    expect(counts).toMatchObject({ batches: 0, files: 0, events: 0 });
    await expectFigures();
  });

  test.each([1, 2, 3, 4, 5])(
    'give the same in shuffled order, in batches of one to five files (%i)',
    async (seed) => {
      const contents = shuffle([...files.values()], seed);
      const volume = await createVolume(named(contents));
      await drain(db, volume, { maxFiles: seed });
      await expectFigures();
    },
  );

  test('give the same line by line in any order: events apart from their order', async () => {
    const lines = shuffle(
      [...files.values()].flatMap((text) => text.trim().split('\n')),
      6,
    );
    const chunks = Array.from({ length: 40 }, (_, n) =>
      lines.filter((_line, index) => index % 40 === n).join('\n'),
    );
    await drain(db, await createVolume(named(chunks)), { maxFiles: 3 });
    await expectFigures();
  });

  test('give the same with files copied and lines repeated in other files', async () => {
    const contents = [...files.values()];
    const repeated = contents.map((text, n) => text + contents[(n + 7) % contents.length]?.slice(0, 50_000));
    const volume = await createVolume({
      ...named(shuffle([...contents, ...contents], 8)),
      ...Object.fromEntries(repeated.map((text, n) => [`repeated-${n}.jsonl`, text])),
    });
    const counts = await drain(db, volume, { maxFiles: 7 });
    expect(counts.duplicateFiles).toBe(24);
    expect(counts.duplicates).toBeGreaterThan(15_823);
    // Each repetition ends in the middle of a line: those, and no other, are broken.
    expect(counts.quarantined).toBe(24);
    await expectFigures();
  });

  async function expectFigures(): Promise<void> {
    const gold = {
      by_location: await readSales(`
        select location as key, sum(orders) as orders, sum(revenue) as revenue
        from lakeflow.gold_location_sales_hourly group by 1`),
      by_brand_day: await readSales(`
        select brand_id || '|' || day as key, orders, brand_revenue as revenue from lakeflow.gold_brand_sales_day`),
      by_location_hour: await readSales(`
        select location || '|' || to_char(hour_ts, 'YYYY-MM-DD HH24:MI:SS') as key, orders, revenue
        from lakeflow.gold_location_sales_hourly`),
    };
    expect(gold.by_location).toEqual(expected.by_location);
    expect(gold.by_brand_day).toEqual(expected.by_brand_day);
    expect(gold.by_location_hour).toEqual(expected.by_location_hour);
    const totals = await readRows(
      db.pool,
      `select
        (select count(*) from lakeflow.all_events) as events,
        (select count(*) from lakeflow.silver_order_items) as lines,
        (select count(*) from lakeflow.gold_order_header) as orders,
        (select sum(order_revenue)::text from lakeflow.gold_order_header) as revenue,
        (select sum(extended_price)::text from lakeflow.silver_order_items) as silver_revenue,
        (select sum(gross_revenue)::text from lakeflow.gold_item_sales_day) as item_revenue,
        (select sum(brand_revenue)::text from lakeflow.gold_brand_sales_day) as brand_revenue,
        (select sum(deliveries) from lakeflow.gold_delivery_times_hourly) as deliveries`,
    );
    const revenue = expected.revenue.toFixed(2);
    const orders = String(expected.orders);
    expect(totals).toEqual([
      {
        events: String(expected.events),
        lines: orders,
        orders,
        revenue,
        silver_revenue: revenue,
        item_revenue: revenue,
        brand_revenue: revenue,
        deliveries: String(expected.delivered),
      },
    ]);
    const minutes = await db.pool.query<{ order_id: string; delivery_minutes: number }>(
      'select order_id, delivery_minutes from lakeflow.silver_deliveries',
    );
    expect(Object.fromEntries(minutes.rows.map((row) => [row.order_id, row.delivery_minutes]))).toEqual(
      expected.order_minutes,
    );
  }

  async function readSales(sql: string): Promise<Record<string, Sales>> {
    const { rows } = await db.pool.query<{ key: string; orders: string; revenue: string }>(sql);
    return Object.fromEntries(
      rows.map(({ key, orders, revenue }) => [key, { orders: Number(orders), revenue: Number(revenue) }]),
    );
  }
});

function shuffle<Value>(values: Value[], seed: number): Value[] {
  const random = stream(seed, 'shuffle');
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

function named(contents: string[]): Record<string, string> {
  return Object.fromEntries(contents.map((text, n) => [`part-${String(n).padStart(4, '0')}.json`, text]));
}
