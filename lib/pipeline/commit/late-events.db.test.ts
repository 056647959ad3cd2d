import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { writeVolumeClock } from '#lib/volume/index.ts';
import {
  createVolume,
  drain,
  emptyLakehouse,
  expectWhole,
  readRows,
  testOptions,
} from '../lakehouse.testing.ts';
import { runPipeline } from '../run/run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const noon = Date.UTC(2026, 9, 1, 12);
const hours = (n: number) => n * 3_600_000;
const at = (ms: number, microseconds = '000') => `${new Date(ms).toISOString().slice(0, -1)}${microseconds}Z`;

/** An order of $5 that is created at a time, as a line. */
const created = (order: string, ts: string, event_id = `${order}-created`) =>
  line(order, ts, event_id, 'order_created', { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] });
const line = (order_id: string, ts: string, event_id: string, event_type = 'delivered', body: object = {}) =>
  JSON.stringify({ event_id, event_type, ts, order_id, location: 'sf', sequence: 0, body });

/** Takes files as they come, one after another, and ends; `filesPerBatch` must not matter. */
async function follow(files: string[], options: { maxFiles?: number; now?: number } = {}) {
  const stop = new AbortController();
  const names = files.map((content, n) => [`${String(n).padStart(4, '0')}.json`, content] as const);
  const volume = await createVolume(Object.fromEntries(names));
  const { maxFiles = 100, now = noon + hours(24) } = options;
  return runPipeline(
    testOptions(db, volume, {
      mode: 'continuous',
      signal: stop.signal,
      maxFiles,
      clock: fixedClock(new Date(now)),
      onBatch: (_batch, pending) => pending === 0 && stop.abort(),
    }),
  );
}

const late = (columns: string) => readRows(db.pool, `select ${columns} from lakeflow.late_events`);
const sums = () =>
  readRows(
    db.pool,
    `select
      (select count(*) from lakeflow.all_events) as events,
      (select sum(extended_price)::text from lakeflow.silver_order_items) as silver,
      (select sum(order_revenue)::text from lakeflow.gold_order_header) as headers,
      (select sum(gross_revenue)::text from lakeflow.gold_item_sales_day) as items,
      (select sum(brand_revenue)::text || ' of ' || sum(orders) from lakeflow.gold_brand_sales_day) as brands,
      (select sum(revenue)::text || ' of ' || sum(orders) from lakeflow.gold_location_sales_hourly) as locations`,
  );

test.each([1, 100])(
  'three hours behind the newest event is in time, anything more is late (%i)',
  async (maxFiles) => {
    const edge = noon - hours(3);
    const counts = await follow(
      [
        created('newest', at(noon)),
        [
          created('in 1 ms', at(edge + 1)),
          created('on the edge', at(edge)),
          created('out 1 us', at(edge - 1, '999')),
          created('out 1 ms', at(edge - 1)),
        ].join('\n'),
      ],
      { maxFiles },
    );
    expect(counts).toMatchObject({ events: 5, late: 2, quarantined: 0 });
    const lateness = { 'out 1 us': '03:00:00.000001', 'out 1 ms': '03:00:00.001' };
    expect(await late('order_id, dataset, lateness, watermark')).toEqual(
      expect.arrayContaining(
        Object.entries(lateness).flatMap(([order_id, lateness]) =>
          ['gold_brand_sales_day', 'gold_location_sales_hourly'].map((dataset) => ({
            order_id,
            dataset,
            lateness,
            watermark: '2026-10-01T09:00:00+00:00',
          })),
        ),
      ),
    );
    expect(await sums()).toEqual([
      {
        events: '5',
        silver: '25.00',
        headers: '25.00',
        items: '25.00',
        brands: '15.00 of 3',
        locations: '15.00 of 3',
      },
    ]);
    await expectWhole(db.pool);
  },
);

test('lateness depends on the files before, so the order of events within a file does not matter', async () => {
  const first = [at(noon - hours(20)), at(noon), at(noon - hours(9))];
  expect(await follow([first.map((ts, n) => created(`o${n}`, ts)).join('\n')])).toMatchObject({ late: 0 });
});

test('the watermark never moves back, and continues from the previous run', async () => {
  await follow([created('a', at(noon)), created('b', at(noon - hours(2)))]);
  const counts = await follow([created('c', at(noon - hours(3) - 1)), created('d', at(noon - hours(3)))]);
  expect(counts).toMatchObject({ late: 1 });
});

test('a batch that is parsed while the previous one is committed uses the watermark after it', async () => {
  const large = Array.from({ length: 8000 }, (_, n) => line(`o${n}`, at(noon), `e${n}`, 'gk_started'));
  expect(Buffer.byteLength(large.join('\n'))).toBeGreaterThan(1_048_576);
  const counts = await follow([large.join('\n'), created('late', at(noon - hours(3) - 1))], { maxFiles: 1 });
  expect(counts).toMatchObject({ batches: 2, events: 8001, late: 1 });
});

test('a repeated event keeps the lateness of its first copy', async () => {
  const [timely, tardy] = [created('timely', at(noon - hours(2))), created('tardy', at(noon - hours(4)))];
  await follow([
    created('a', at(noon)),
    timely,
    `${tardy} `,
    created('b', at(noon + hours(3))),
    timely,
    tardy,
  ]);
  expect(await late('distinct order_id')).toEqual([{ order_id: 'tardy' }]);
  expect(await sums()).toMatchObject([{ silver: '20.00', brands: '15.00 of 3' }]);
  await expectWhole(db.pool);
});

test('late events that no windowed table reads are only counted', async () => {
  const files = [
    `${created('a', at(noon))}\n${created('b', at(noon - hours(5)))}`,
    `${line('b', at(noon - hours(4)), 'b-delivered')}\n${created('b', at(noon - hours(4.5)), 'b-again')}`,
  ];
  const counts = await follow(files, { maxFiles: 1 });
  expect(counts).toMatchObject({ late: 2 });
  expect(await late('event_id, dataset')).toEqual([
    { event_id: 'b-again', dataset: 'all_events' },
    { event_id: 'b-delivered', dataset: 'all_events' },
  ]);
  expect(await readRows(db.pool, 'select p50 from lakeflow.gold_delivery_times_hourly')).toEqual([
    { p50: '60' },
  ]);
  expect(await sums()).toMatchObject([{ brands: '10.00 of 2', locations: '10.00 of 2' }]);
  await expectWhole(db.pool);
});

test('an earlier creation that comes later counts for the order, and so does its lateness', async () => {
  const files = [
    `${created('a', at(noon))}\n${created('b', at(noon - hours(1)))}`,
    created('a', at(noon - hours(4)), 'a-late'),
    created('a', at(noon - hours(6)), 'a-later'),
  ];
  expect(await follow(files, { maxFiles: 1 })).toMatchObject({ late: 2 });
  expect(await late('event_id, dataset')).toEqual([
    { event_id: 'a-late', dataset: 'all_events' },
    { event_id: 'a-later', dataset: 'gold_brand_sales_day' },
    { event_id: 'a-later', dataset: 'gold_location_sales_hourly' },
  ]);
  expect(await sums()).toMatchObject([{ silver: '10.00', brands: '5.00 of 1', locations: '5.00 of 1' }]);
  await expectWhole(db.pool);
});

test('a run over a backlog has no late events; orders that were late before stay left out', async () => {
  await follow([created('a', at(noon)), created('late', at(noon - hours(4)))]);
  const backlog = await createVolume({
    '1.json': created('b', at(noon - hours(9))),
    '2.json': created('c', at(1)),
  });
  expect(await drain(db, backlog)).toMatchObject({ events: 2, late: 0 });
  expect(await sums()).toMatchObject([{ silver: '20.00', brands: '15.00 of 3' }]);
  await expectWhole(db.pool);
});

test('an event is late by the files before it only, for any delays and batches', async () => {
  const arrival = fc.record({ minute: fc.nat(600), delay: fc.nat(360) });
  const files = fc.array(fc.array(arrival, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 12 }), async (given, maxFiles) => {
      await emptyLakehouse(db.pool);
      const times = given.map((file) => file.map(({ minute, delay }) => noon + (minute - delay) * 60_000));
      await follow(
        times.map((file, n) => file.map((ms, m) => created(`${n}-${m}`, at(ms))).join('\n')),
        { maxFiles },
      );
      const expected = times.flatMap((file, n) => {
        const newest = Math.max(...times.slice(0, n).flat());
        return file.flatMap((ms, m) => (ms < newest - hours(3) ? [`${n}-${m}`] : []));
      });
      const found = await late('distinct order_id');
      expect(found.map(({ order_id }) => order_id)).toEqual(expected.toSorted());
      await expectWhole(db.pool);
    }),
    { numRuns: 25 },
  );
});

test('an event time more than ten minutes ahead of the clock is quarantined and does not move the watermark', async () => {
  const poison = ['2026-10-01 12:10:00.000001', '2099-01-01 00:00:00', '9999-12-31 23:59:59'];
  const files = [
    created('a', at(noon + 600_000)),
    ...poison.map((ts) => created(ts, ts)),
    created('b', at(noon - hours(2))),
  ];
  expect(await follow(files, { now: noon })).toMatchObject({ events: 2, quarantined: 3, late: 0 });
  expect(
    await readRows(db.pool, 'select distinct rule, reason from lakeflow.quarantined_records'),
  ).toContainEqual({
    rule: 'future_ts',
    reason: 'ts 2099-01-01T00:00:00.000000Z is later than 2026-10-01T12:10:00.000000Z',
  });
  expect(
    await readRows(db.pool, `select watermark from lakeflow.checkpoints where name = 'pipeline'`),
  ).toEqual([{ watermark: '2026-10-01T09:10:00+00:00' }]);
});

test('the clock of a writer ahead of the wall clock is used, and events do not move it', async () => {
  const volume = await createVolume({
    '1.json': created('a', at(noon + hours(48))),
    '2.json': created('b', at(noon + hours(49))),
  });
  await writeVolumeClock(volume, 'sf', {
    at: new Date(noon + hours(48)).toISOString(),
    speed: 60,
    paused: false,
  });
  const counts = await drain(db, volume, { clock: fixedClock(new Date(noon)), maxFiles: 1 });
  expect(counts).toMatchObject({ events: 1, quarantined: 1 });
});

test('a clock that cannot be read is reported once, and the wall clock is used', async () => {
  const said = vi.fn();
  const volume = await createVolume({
    '1.json': created('a', at(noon)),
    '2.json': created('b', at(noon + hours(1))),
  });
  await writeVolumeClock(volume, 'sf', { at: 'soon', speed: 1, paused: false });
  const counts = await drain(db, volume, { clock: fixedClock(new Date(noon)), maxFiles: 1, say: said });
  expect(counts).toMatchObject({ events: 1, quarantined: 1 });
  expect(said).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^Using the wall clock: .*sf.clock/));
});
