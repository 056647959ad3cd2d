import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock, sleep } from '#lib/clock.ts';
import {
  createVolume,
  drain,
  emptyLakehouse,
  expectWhole,
  readRows,
  testOptions,
} from '../lakehouse.testing.ts';
import { runPipeline } from '../run/run.ts';
import { settleRequests } from './handle-requests.ts';
import { countRequestedAdmissions, listLateEvents, requestAdmission } from './late-events.ts';
import { dropQuarantined, getQuarantined, listQuarantined } from './quarantined-records.ts';
import { requestReplay } from './request-replay.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const noon = new Date('2026-10-01T12:00:00Z');
const clock = fixedClock(noon);
const created = (order: string, hour: number, price = 5) =>
  JSON.stringify({
    event_id: `${order}-created`,
    event_type: 'order_created',
    ts: new Date(noon.getTime() + hour * 3_600_000).toISOString(),
    order_id: order,
    location: 'sf',
    sequence: 0,
    body: { items: [{ id: 1, brand_id: 2, price, qty: 1 }] },
  });
const bad = (order: string) => created(order, 0, -5);

/** Ingests files one after another in continuous mode, and ends. */
async function follow(...files: string[]) {
  const stop = new AbortController();
  const volume = await createVolume(Object.fromEntries(files.map((content, n) => [`${n}.json`, content])));
  const onBatch = () => stop.abort();
  await runPipeline(testOptions(db, volume, { mode: 'continuous', signal: stop.signal, clock, onBatch }));
}

async function settle(isSettled = async () => false, say: (message: string) => void = () => undefined) {
  const volume = await createVolume();
  const signal = new AbortController().signal;
  await settleRequests({ db, volume, clock, signal, sleep, say }, isSettled, AbortSignal.timeout(10_000));
}

const sales = () =>
  readRows(
    db.pool,
    `select (select sum(brand_revenue)::text || ' of ' || sum(orders) from lakeflow.gold_brand_sales_day) as brands,
      (select sum(revenue)::text || ' of ' || sum(orders) from lakeflow.gold_location_sales_hourly) as locations,
      (select sum(order_revenue)::text from lakeflow.gold_order_header) as headers`,
  );

test('an admitted late order restates the windows that left it out, once', async () => {
  await follow(created('a', 0), `${created('b', -4)}\n${created('c', -5)}`);
  expect(await sales()).toEqual([{ brands: '5.00 of 1', locations: '5.00 of 1', headers: '15.00' }]);
  expect(await requestAdmission(db, { eventIds: ['b-created'], dataset: 'gold_brand_sales_day' }, noon)).toBe(
    1,
  );
  await settle();
  await expectWhole(db.pool);
  expect(await sales()).toEqual([{ brands: '10.00 of 2', locations: '5.00 of 1', headers: '15.00' }]);
  expect(await requestAdmission(db, {}, noon)).toBe(3);
  await settle();
  await settle();
  expect(await sales()).toEqual([{ brands: '15.00 of 3', locations: '15.00 of 3', headers: '15.00' }]);
  await expectWhole(db.pool);
  expect(await requestAdmission(db, {}, noon)).toBe(0);
  expect(await listLateEvents(db, { limit: 9 })).toMatchObject(
    ['b', 'b', 'c', 'c'].map((orderId) => ({ orderId, state: 'admitted' })),
  );
  const { rows } = await db.pool.query(`select * from describe_history('gold_brand_sales_day') limit 1`);
  expect(rows).toMatchObject([
    { operation: 'RESTATE', operation_parameters: { epochId: 3 }, operation_metrics: { numLateOrders: 1 } },
  ]);
});

test('every requested event has to be left out of a table, or none is admitted', async () => {
  await follow(created('a', 0), created('b', -4));
  await expect(requestAdmission(db, { eventIds: ['b-created', 'a-created'] }, noon)).rejects.toThrow(
    'Left out of no table: a-created.',
  );
  expect(await countRequestedAdmissions(db)).toBe(0);
});

test('a corrected record is replayed; its original source is kept', async () => {
  await follow(`${created('a', 0)}\n\n${bad('b')}`);
  const [record] = await listQuarantined(db, { limit: 9 });
  expect(record).toMatchObject({ rule: 'bad_price', line: 3, state: 'open' });
  const id = record?.id ?? 0;
  expect(await requestReplay(db, { ids: [id] }, { now: noon })).toMatchObject({
    requested: [],
    rejected: [{ id, rule: 'bad_price' }],
  });
  expect(
    await requestReplay(db, { ids: [id] }, { now: noon, replacement: `${created('b', 0, 7)}\n` }),
  ).toEqual({
    requested: [id],
    rejected: [],
  });
  await settle();
  await settle();
  expect(await getQuarantined(db, [id])).toMatchObject([
    { state: 'replayed', raw: bad('b'), replacement: `${created('b', 0, 7)}\n`, replayBatchId: 2 },
  ]);
  expect(await sales()).toEqual([{ brands: '12.00 of 2', locations: '12.00 of 2', headers: '12.00' }]);
  const place = `select source_file, source_line, batch_id from lakeflow.all_events where order_id = 'b'`;
  expect(await readRows(db.pool, place)).toEqual([
    { source_file: '0.json', source_line: '3', batch_id: '2' },
  ]);
  await expect(requestReplay(db, { ids: [id] }, { now: noon })).rejects.toThrow(
    `No open record in quarantine: ${id}.`,
  );
});

test('a record whose event is already stored adds nothing, and its state says so', async () => {
  await follow(`${created('a', 0)}\n${bad('b')}`);
  const { requested } = await requestReplay(
    db,
    { ids: [await newest()] },
    { now: noon, replacement: created('a', 0) },
  );
  await settle();
  expect(await getQuarantined(db, requested)).toMatchObject([{ state: 'already stored' }]);
  expect(await sales()).toMatchObject([{ headers: '5.00' }]);
});

test('many records are chosen by rule; those that still break one stay, with their new reason', async () => {
  const tomorrow = fixedClock(new Date(noon.getTime() + 86_400_000));
  await follow([created('a', 0), created('b', 5), created('c', 20), created('d', 30), bad('e')].join('\n'));
  const { requested, rejected } = await requestReplay(db, { rule: 'future_ts' }, { now: tomorrow.now() });
  expect([requested.length, rejected.map(({ rule }) => rule)]).toEqual([2, ['future_ts']]);
  await settleRequests(
    {
      db,
      volume: await createVolume(),
      clock: tomorrow,
      signal: new AbortController().signal,
      sleep,
      say: vi.fn(),
    },
    async () => false,
    AbortSignal.timeout(10_000),
  );
  expect(await sales()).toEqual([{ brands: '15.00 of 3', locations: '15.00 of 3', headers: '15.00' }]);
  expect(await listQuarantined(db, { limit: 9 })).toMatchObject([
    { rule: 'bad_price' },
    { rule: 'future_ts' },
  ]);
  await expectWhole(db.pool);
});

test('a corrected record is added to closed windows too, because a person requested it', async () => {
  await follow(created('a', 0), bad('b'));
  await requestReplay(db, { ids: [await newest()] }, { now: noon, replacement: created('b', -9) });
  await settle();
  expect(await sales()).toMatchObject([{ brands: '10.00 of 2' }]);
  expect(await listLateEvents(db, { limit: 1 })).toEqual([]);
});

test('only the record that the database refuses stays in quarantine; the others are replayed', async () => {
  await follow([created('a', 0), bad('b'), bad('c'), bad('d')].join('\n'));
  await db.pool.query(
    `
    create function refuse_event() returns trigger language plpgsql as $$
    begin
      if new.event_id = 'c-created' then raise exception 'unstorable' using errcode = '22P02'; end if;
      return new;
    end $$;
    create trigger refuse_event before insert on lakeflow.silver_order_items for each row execute function refuse_event()`
      .replaceAll('event_id', 'order_id')
      .replace('c-created', 'c'),
  );
  const ids = (await listQuarantined(db, { limit: 9 })).map(({ id }) => id);
  for (const [n, order] of ['d', 'c', 'b'].entries())
    await requestReplay(db, { ids: [ids[n] ?? 0] }, { now: noon, replacement: created(order, 0) });
  await settle();
  await db.pool.query('drop function refuse_event cascade');
  expect(await listQuarantined(db, { limit: 9 })).toMatchObject([
    { rule: 'refused_by_database', reason: 'unstorable', state: 'open' },
  ]);
  expect(await sales()).toMatchObject([{ headers: '15.00' }]);
});

test('a dropped record is kept and never replayed', async () => {
  await follow(`${bad('a')}\n${bad('b')}`);
  const id = await newest();
  await expect(dropQuarantined(db, { ids: [id, 999_999] }, noon)).rejects.toThrow(
    'No open record in quarantine: 999999.',
  );
  expect(await dropQuarantined(db, { ids: [id] }, noon)).toBe(1);
  await expect(requestReplay(db, { ids: [id] }, { now: noon, replacement: created('b', 0) })).rejects.toThrow(
    /No open record/,
  );
  expect(await listQuarantined(db, { limit: 9, all: true })).toMatchObject([
    { state: 'dropped' },
    { state: 'open' },
  ]);
  expect(await dropQuarantined(db, {}, noon)).toBe(1);
  expect(await listQuarantined(db, { limit: 9 })).toEqual([]);
});

test('a running pipeline handles requests between its batches', async () => {
  await follow(created('a', 0), created('b', -4), bad('c'));
  const stop = new AbortController();
  const said = vi.fn();
  const done = runPipeline(
    testOptions(db, await createVolume(), { mode: 'continuous', signal: stop.signal, clock, say: said }),
  );
  await vi.waitFor(() => expect(said).toHaveBeenCalledWith(expect.stringMatching(/^Waiting for/)), {
    timeout: 120_000,
  });
  await requestAdmission(db, {}, noon);
  const id = await newest();
  await requestReplay(db, { ids: [id] }, { now: noon, replacement: created('c', 0) });
  await settle(
    async () =>
      (await countRequestedAdmissions(db)) === 0 && (await getQuarantined(db, [id]))[0]?.state === 'replayed',
  );
  stop.abort();
  expect(await done).toMatchObject({ files: 0, events: 1 });
  expect(await sales()).toEqual([{ brands: '15.00 of 3', locations: '15.00 of 3', headers: '15.00' }]);
  expect(said).toHaveBeenCalledWith(expect.stringMatching(/^batch \d: 2 late orders admitted$/));
});

test('a run that ingests once handles requests before it ends', async () => {
  await follow(bad('a'));
  await requestReplay(db, { ids: [await newest()] }, { now: noon, replacement: created('a', 0) });
  expect(await drain(db, await createVolume(), { clock })).toMatchObject({ events: 1, files: 0 });
});

async function newest(): Promise<number> {
  return (await listQuarantined(db, { limit: 1 }))[0]?.id ?? 0;
}
