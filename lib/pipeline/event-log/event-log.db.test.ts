import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { createVolume, drain, emptyLakehouse } from '../lakehouse.testing.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { recordRunStart } from '../run/record-run.ts';
import { listEvents } from './list-events.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const clock = fixedClock('2026-10-01T12:00:00.000Z');
const line = (n: number, more = {}) =>
  JSON.stringify({
    ...{ event_id: `e${n}`, event_type: 'order_created', order_id: `o${n}`, location: 'sf', sequence: 0 },
    ...{ ts: '2026-10-01 11:00:00', body: { items: [{ brand_id: 2, price: 5, qty: 1 }] }, ...more },
  });
const log = async (limit = 20) => (await listEvents(db, { limit, batches: true })).toReversed();

test('a run logs its start, every batch with its rows and broken rules, and its end', async () => {
  const volume = await createVolume({ '1.json': line(1), '2.json': `${line(2)}\nbroken` });
  const counts = await drain(db, volume, { maxFiles: 1, clock });
  const [begun, first, second, ended, ...none] = await log();
  expect(none).toEqual([]);
  expect(begun).toMatchObject({ level: 'info', type: 'run_started', details: { mode: 'once', volume } });
  expect(first).toMatchObject({
    type: 'batch_committed',
    level: 'info',
    batchId: 1,
    ts: clock.now().toISOString(),
  });
  expect(first?.details).toMatchObject({
    flow_progress: {
      metrics: { all_events: { numOutputRows: 1, numFiles: 1 }, gold_order_header: { numOutputRows: 1 } },
      data_quality: { expectations: [] },
    },
  });
  expect(second).toMatchObject({ type: 'batch_committed', level: 'warn', batchId: 2 });
  expect(second?.details).toMatchObject({
    flow_progress: {
      data_quality: {
        expectations: expect.arrayContaining([
          {
            name: 'malformed_json',
            dataset: 'all_events',
            action: 'drop',
            passed_records: 1,
            failed_records: 1,
          },
        ]),
      },
    },
  });
  expect(ended).toMatchObject({ type: 'run_stopped', details: { counts } });
  expect(new Set([begun, first, second, ended].map((event) => event?.runId)).size).toBe(1);
});

test('a run after one without an end takes over, and has another number', async () => {
  const volume = await createVolume();
  const connection = await db.pool.connect();
  await recordRunStart(connection, { clock, mode: 'continuous', volume, attempts: 0 });
  connection.release(true);
  await drain(db, volume);
  await drain(db, volume);
  const events = await log();
  expect(events.map(({ type }) => type)).toEqual([
    ...['run_started', 'run_took_over', 'run_stopped', 'run_started', 'run_stopped'],
  ]);
  expect(new Set(events.map(({ runId }) => runId)).size).toBe(3);
});

test('a run that fails logs the error; a batch that was rolled back has no entry', async () => {
  const volume = await createVolume({ '1.json': line(1) });
  await db.pool.query(`
    alter table lakeflow.gold_order_header add constraint broken check (order_revenue < 0)`);
  await expect(drain(db, volume)).rejects.toThrow('broken');
  await db.pool.query('alter table lakeflow.gold_order_header drop constraint broken');
  expect(await log()).toMatchObject([
    { type: 'run_started' },
    {
      type: 'run_failed',
      level: 'error',
      message: expect.stringContaining('violates check constraint "broken"'),
    },
  ]);
});

test('a rebuild that corrects something is logged, a verification is not', async () => {
  await drain(db, await createVolume({ '1.json': line(1) }));
  await db.pool.query('delete from lakeflow.gold_item_sales_day');
  const before = await log();
  await rebuild({ db, clock, select: [], verify: true });
  expect(await log()).toEqual(before);
  await rebuild({ db, clock, select: ['gold_item_sales_day'], verify: false });
  const { type, details } = (await log()).at(-1) ?? {};
  expect({ type, details }).toEqual({
    type: 'rebuild',
    details: {
      select: ['gold_item_sales_day'],
      tables: { gold_item_sales_day: { numDeletedRows: 0, numOutputRows: 1 } },
    },
  });
});

test('the newest entries come first, without batches unless requested, and the next page starts before an id', async () => {
  await drain(db, await createVolume({ '1.json': line(1), '2.json': line(2) }), { maxFiles: 1 });
  const all = await listEvents(db, { limit: 9, batches: true });
  expect((await listEvents(db, { limit: 9 })).map(({ type }) => type)).toEqual([
    'run_stopped',
    'run_started',
  ]);
  expect(await listEvents(db, { limit: 9, batches: true, before: all[1]?.id ?? 0 })).toEqual(all.slice(2));
  expect(await listEvents(db, { limit: 9, batches: true, level: 'error' })).toEqual([]);
});
