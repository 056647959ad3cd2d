import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock, sleep, systemClock } from '#lib/clock.ts';
import {
  createVolume,
  drain,
  emptyLakehouse,
  expectWhole,
  readRows,
  testOptions,
} from '../lakehouse.testing.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { settleRequests } from '../requests/handle-requests.ts';
import { requestAdmission } from '../requests/late-events.ts';
import { runPipeline } from '../run/run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const begin = Date.UTC(2026, 8, 1);
const HOUR = 3_600_000;
const clock = fixedClock(new Date(begin + 40 * 24 * HOUR));
const order = (id: string, ms: number) =>
  JSON.stringify({
    event_id: `${id}-created`,
    event_type: 'order_created',
    ts: new Date(ms).toISOString(),
    order_id: id,
    location: 'sf',
    sequence: 0,
    body: { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] },
  });

/** The windows whose sets of hashes are kept, and all windows. */
const state = `
  select count(*) filter (where (orders_sketch).packed is null)::integer as open, count(*)::integer as all
  from (
    select orders_sketch from lakeflow.gold_brand_sales_day
    union all
    select orders_sketch from lakeflow.gold_location_sales_hourly
  ) as windows`;
type State = { open: number; all: number };
const readState = async () => (await db.pool.query<State>(state)).rows[0] ?? { open: 0, all: 0 };

test('over thirty days the number of stored sets follows the open windows, not history', async () => {
  const volume = await createVolume();
  const stop = new AbortController();
  const drop = async (step: number) => {
    const lines = Array.from({ length: 5 }, (_, n) =>
      order(`${step}-${n}`, begin + step * 6 * HOUR + n * HOUR),
    );
    await writeFile(join(volume, `.${step}.tmp`), lines.join('\n'));
    await rename(join(volume, `.${step}.tmp`), join(volume, `${1000 + step}.json`));
  };
  const seen: Promise<State>[] = [];
  await drop(0);
  let step = 0;
  await runPipeline(
    testOptions(db, volume, {
      mode: 'continuous',
      signal: stop.signal,
      clock,
      onBatch: () => {
        step += 1;
        seen.push(readState());
        if (step === 120) stop.abort();
        else void drop(step);
      },
    }),
  );
  const states = await Promise.all(seen);
  // Open are at most two days and, of six hours written at once, those that the watermark has not passed.
  expect(Math.max(...states.map(({ open }) => open))).toBeLessThanOrEqual(2 * (1 + 6 + 3));
  expect(states.at(-1)?.all).toBe(30 + 600);
  expect(await readRows(db.pool, 'select sum(orders) as orders from lakeflow.gold_brand_sales_day')).toEqual([
    { orders: '600' },
  ]);
  await expectWhole(db.pool);
});

test('a run closes its windows at its end; events that come to them later still count, once', async () => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => order(`o${from + n}`, begin + (from + n) * 1000)).join('\n');
  const newest = order('newest', begin + 48 * HOUR);
  await drain(db, await createVolume({ '1.json': `${lines(0, 900)}\n${newest}` }), { clock });
  expect(await readState()).toEqual({ open: 2, all: 4 });
  const counts = `
    select orders, (orders_sketch).exact, (orders_sketch).packed is null as open
    from lakeflow.gold_brand_sales_day where day = '2026-09-01'`;
  expect(await readRows(db.pool, counts)).toEqual([{ orders: '900', exact: '900', open: false }]);
  await drain(db, await createVolume({ '2.json': `${lines(0, 10)}\n${lines(900, 1023)}` }), { clock });
  expect(await readRows(db.pool, counts)).toEqual([{ orders: '1023', exact: '1023', open: false }]);
  await expectWhole(db.pool);
  await follow(lines(1023, 1100));
  expect(await readRows(db.pool, counts)).toEqual([{ orders: '1023', exact: '1023', open: false }]);
  await requestAdmission(db, {}, clock.now());
  await settleRequests(
    {
      db,
      volume: await createVolume(),
      clock,
      signal: new AbortController().signal,
      sleep,
      say: () => undefined,
    },
    async () => false,
    AbortSignal.timeout(10_000),
  );
  const [window] = await readRows(db.pool, counts);
  expect(window).toMatchObject({ exact: null });
  expect(Math.abs(Number(window?.orders) / 1100 - 1)).toBeLessThan(0.06);
  await expectWhole(db.pool);
  expect(await rebuild({ db, clock: systemClock, select: [], verify: true })).toMatchObject({
    identical: true,
  });
});

async function follow(content: string): Promise<void> {
  const stop = new AbortController();
  const volume = await createVolume({ '3.json': content });
  const onBatch = () => stop.abort();
  await runPipeline(testOptions(db, volume, { mode: 'continuous', signal: stop.signal, clock, onBatch }));
}
