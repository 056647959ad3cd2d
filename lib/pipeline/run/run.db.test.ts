import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { createVolume, drain, emptyLakehouse, readRows, testOptions } from '../lakehouse.testing.ts';
import { runPipeline } from './run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

let made = 0;
const line = (ts = '2026-10-01 00:00:00') => {
  made += 1;
  const body = { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] };
  return JSON.stringify({
    event_id: `e${made}`,
    event_type: 'order_created',
    ts,
    order_id: `o${made}`,
    location: 'sf',
    sequence: 0,
    body,
  });
};
const drop = async (volume: string, name: string, content: string) => {
  await writeFile(join(volume, `.${name}.tmp`), content);
  await rename(join(volume, `.${name}.tmp`), join(volume, name));
};
const count = async (table: string) =>
  (await db.pool.query<{ n: number }>(`select count(*)::integer as n from lakeflow.${table}`)).rows[0]?.n;
const eventually = (check: () => Promise<unknown>) => vi.waitFor(check, { timeout: 120_000, interval: 50 });

/** A run without end, what it says, and how to end it. */
function runContinuously(volume: string) {
  const stop = new AbortController();
  const said: string[] = [];
  const done = runPipeline(
    testOptions(db, volume, {
      mode: 'continuous',
      signal: stop.signal,
      say: (message) => said.push(message),
    }),
  );
  return {
    said,
    stop: () => {
      stop.abort();
      return done;
    },
  };
}

test('a continuous run waits for the first file, ingests new files and ends on request', async () => {
  const volume = join(await createVolume(), 'not-yet-there');
  const run = runContinuously(volume);
  await eventually(async () => expect(run.said).toEqual([`Waiting for the first file in ${volume}.`]));
  await mkdir(volume);
  await drop(volume, '1.json', line());
  await eventually(async () => expect(await count('gold_order_header')).toBe(1));
  await drop(volume, '2.json', line());
  await eventually(async () => expect(await count('gold_order_header')).toBe(2));
  expect(await run.stop()).toMatchObject({ files: 2, events: 2, failures: [] });
});

test('of two pipelines one works, and the other waits and then takes over', async () => {
  const volume = await createVolume({ '1.json': line() });
  const first = runContinuously(volume);
  await eventually(async () => expect(await count('all_events')).toBe(1));
  const second = runContinuously(volume);
  await eventually(async () =>
    expect(second.said).toEqual(['Another pipeline is at work on this database; waiting until it ends.']),
  );
  await drop(volume, '2.json', line());
  await eventually(async () => expect(await count('all_events')).toBe(2));
  expect(await first.stop()).toMatchObject({ files: 2 });
  await drop(volume, '3.json', line());
  await eventually(async () => expect(await count('all_events')).toBe(3));
  expect(await second.stop()).toMatchObject({ files: 1, events: 1 });
});

test('a waiting pipeline ends on request', async () => {
  const volume = await createVolume();
  const first = runContinuously(volume);
  await eventually(async () => expect(first.said).toHaveLength(1));
  const second = runContinuously(volume);
  await eventually(async () => expect(second.said).toHaveLength(1));
  expect(await second.stop()).toMatchObject({ batches: 0 });
  await first.stop();
});

test('a lost connection rolls the batch back; a continuous run reports it and continues', async () => {
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`${100 + n}.json`, line()]));
  const volume = await createVolume(files);
  const stop = new AbortController();
  const said: string[] = [];
  let kills = 0;
  const options = testOptions(db, volume, {
    mode: 'continuous',
    signal: stop.signal,
    maxFiles: 2,
    say: (message) => said.push(message),
    onBatch: ({ batchId }) => {
      if (batchId % 10 !== 0 || kills >= 2) return;
      kills += 1;
      void db.pool.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())`,
      );
    },
  });
  const done = runPipeline(options);
  await eventually(async () => expect(await count('gold_order_header')).toBe(60));
  stop.abort();
  await done;
  expect(said.filter((message) => message.startsWith('No database: '))).toHaveLength(2);
  expect(await readRows(db.pool, 'select sum(orders) as orders from lakeflow.gold_brand_sales_day')).toEqual([
    { orders: '60' },
  ]);
});

test('a run in mode once gives advice when the database is lost', async () => {
  const volume = await createVolume({ '1.json': line(), '2.json': line() });
  const lost = drain(db, volume, {
    maxFiles: 1,
    clock: {
      now: () => {
        throw Object.assign(new Error('terminating connection'), { code: '57P01' });
      },
    },
  });
  await expect(lost).rejects.toThrow(/connection to Postgres was lost; what was committed is kept/);
  expect(await count('ingested_files')).toBe(0);
});

test('a batch whose checkpoint was moved by another writer keeps nothing, and is ingested again', async () => {
  await db.pool.query(`
    create function move_checkpoint() returns trigger language plpgsql as $$
    begin new.batch_id = 7; return new; end $$;
    create trigger other_writer before insert on lakeflow.checkpoints
    for each row when (new.name = 'pipeline') execute function move_checkpoint()`);
  const volume = await createVolume({ '1.json': line(), '2.json': line() });
  const said: string[] = [];
  const counts = await drain(db, volume, { maxFiles: 1, say: (message) => said.push(message) });
  await db.pool.query('drop function move_checkpoint cascade');
  expect(said).toEqual(['Batch 2 was written by another pipeline in the meantime; reading the state again.']);
  expect(counts).toMatchObject({ batches: 2, files: 2, events: 2 });
  expect(await readRows(db.pool, 'select batch_id from lakeflow.ingested_files')).toEqual([
    { batch_id: '1' },
    { batch_id: '8' },
  ]);
});

test('the watermark follows the newest plausible event time by three hours and never moves back', async () => {
  const checkpoint = () =>
    readRows(db.pool, `select max_event_ts, watermark from lakeflow.checkpoints where name = 'pipeline'`);
  const clock = fixedClock('2026-10-01T12:00:00Z');
  const volume = await createVolume({
    '1.json': `${line('2026-10-01 11:00:00.000001')}\n${line('2026-10-01 12:10:00')}\n${line('2026-10-01 12:10:00.001')}`,
    '2.json': line('2026-10-01 03:00:00'),
    '3.json': line('2099-01-01 00:00:00'),
  });
  await drain(db, volume, { maxFiles: 1, clock });
  expect(await count('all_events')).toBe(3);
  expect(await checkpoint()).toEqual([
    { max_event_ts: '2026-10-01T12:10:00+00:00', watermark: '2026-10-01T09:10:00+00:00' },
  ]);
});

test('a committed batch notifies its listeners and adds a version to every table that it changed', async () => {
  const listener = await db.pool.connect();
  const payloads: (string | undefined)[] = [];
  listener.on('notification', ({ payload }) => payloads.push(payload));
  await listener.query('listen pipeline_batch');
  await drain(db, await createVolume({ '1.json': line(), '2.json': `${line()}\nbroken` }), { maxFiles: 1 });
  await eventually(async () => expect(payloads).toEqual(['1', '2']));
  listener.release(true);
  const { rows } = await db.pool.query(`select * from describe_history('lakeflow.all_events')`);
  expect(rows).toMatchObject([
    { version: '1', operation: 'STREAMING UPDATE', operation_parameters: { epochId: 2 } },
    { version: '0', operation_metrics: { numOutputRows: 1, numFiles: 1, numBytes: expect.any(Number) } },
  ]);
  const changed = await readRows(
    db.pool,
    'select table_name, version from lakeflow.table_history where version = 0',
  );
  expect(changed.map(({ table_name }) => table_name)).toEqual([
    'all_events',
    'gold_brand_sales_day',
    'gold_item_sales_day',
    'gold_location_sales_hourly',
    'gold_order_header',
    'quarantined_records',
    'silver_order_items',
    'silver_orders',
  ]);
  await expect(db.pool.query(`select * from describe_history('lakeflow.nothing')`)).rejects.toThrow(
    /no table nothing/,
  );
});

test('bronze refuses every change but an insert', async () => {
  await drain(db, await createVolume({ '1.json': line() }));
  for (const sql of ['delete from', 'truncate'])
    await expect(db.pool.query(`${sql} lakeflow.all_events`)).rejects.toThrow(/append-only/);
});
