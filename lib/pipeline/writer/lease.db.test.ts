import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { createVolume, drain, emptyLakehouse, readRows, testOptions } from '../lakehouse.testing.ts';
import { runPipeline } from '../run/run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const script = join(import.meta.dirname, '../../../scripts/pipeline.ts');
const line = (n: number) =>
  JSON.stringify({
    ...{ event_id: `e${n}`, order_id: `o${n}`, event_type: 'order_created', location: 'sf', sequence: 0 },
    ...{ ts: '2026-10-01 00:00:00', body: { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] } },
  });
const threeFiles = () => createVolume({ '1.json': line(1), '2.json': line(2), '3.json': line(3) });
const eventually = (check: () => Promise<unknown>) => vi.waitFor(check, { timeout: 120_000, interval: 100 });
const lease = { beatMs: 300, expireMs: 1_500 };
const sales = 'select orders, brand_revenue from lakeflow.gold_brand_sales_day';

test('a writer that freezes before its commit is replaced, and commits nothing when it wakes', async ({
  skip,
}) => {
  skip(process.platform !== 'linux', 'needs /proc to see that a process is stopped');
  const volume = await threeFiles();
  const frozen = spawn(process.execPath, [script, '--once', '--volume', volume, '--max-files', '1'], {
    env: commandEnvironment({ DATABASE_URL: db.url, FAILPOINTS: 'before-commit=stop@2' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(frozen.stderr);
  const state = async () => (await readFile(`/proc/${frozen.pid}/stat`, 'utf8')).split(') ')[1]?.[0];
  await eventually(async () => expect(await state()).toBe('T'));
  const messages: string[] = [];
  // The role of the pipeline does not see what other sessions do, unless it asks as the owner.
  const asPipeline = connect({
    url: db.url,
    applicationName: 'replacement',
    statementTimeoutMs: 0,
    role: 'caspers_pipeline',
  });
  const counts = await drain(asPipeline, volume, {
    maxFiles: 1,
    lease,
    say: (message) => messages.push(message),
  });
  await asPipeline.close();
  expect(messages).toContain('The other pipeline does not respond; taking over.');
  expect(counts).toMatchObject({ batches: 2, events: 2, duplicates: 0 });
  frozen.kill('SIGCONT');
  const [code] = await once(frozen, 'exit');
  expect(code, await said).toBe(1);
  expect(await readRows(db.pool, sales)).toEqual([{ orders: '3', brand_revenue: '15' }]);
  const batches = await readRows(db.pool, 'select batch_id from lakeflow.ingested_files');
  expect(batches.map(({ batch_id }) => batch_id)).toEqual(['1', '2', '3']);
});

test('a batch of a past epoch is refused at its commit', async () => {
  await db.pool.query(`
    create function begin_epoch() returns trigger language plpgsql as $$
    begin update lakeflow.checkpoints set batch_id = batch_id + 1 where name = 'writer'; return new; end $$;
    create trigger newer_writer before insert on lakeflow.ingested_files
    for each row when (new.path = '2.json') execute function begin_epoch()`);
  const failure = drain(db, await threeFiles(), { maxFiles: 1 });
  await expect(failure).rejects.toThrow(/Another pipeline has taken over; what was committed is kept/);
  await db.pool.query('drop function begin_epoch cascade');
  expect(await readRows(db.pool, 'select path from lakeflow.ingested_files')).toEqual([{ path: '1.json' }]);
});

test('a continuous writer whose epoch is over starts a new one by itself', async () => {
  const volume = await threeFiles();
  const stop = new AbortController();
  const epoch = async () =>
    (await readRows(db.pool, `select batch_id from lakeflow.checkpoints where name = 'writer'`))[0]?.batch_id;
  const done = runPipeline(testOptions(db, volume, { mode: 'continuous', lease, signal: stop.signal }));
  await eventually(async () => expect(await readRows(db.pool, sales)).toMatchObject([{ orders: '3' }]));
  const before = Number(await epoch());
  await db.pool.query(`update lakeflow.checkpoints set batch_id = batch_id + 1 where name = 'writer'`);
  await eventually(async () => expect(Number(await epoch())).toBe(before + 2));
  stop.abort();
  expect(await done).toMatchObject({ events: 3, failures: [] });
});

test('a live writer keeps its lease, however long it has nothing to do', async () => {
  const volume = await threeFiles();
  const stop = new AbortController();
  const messages: string[] = [];
  const options = { mode: 'continuous', lease, signal: stop.signal } as const;
  const first = runPipeline(testOptions(db, volume, options));
  await eventually(async () => expect(await readRows(db.pool, sales)).toMatchObject([{ orders: '3' }]));
  const second = runPipeline(
    testOptions(db, volume, { ...options, say: (message) => messages.push(message) }),
  );
  await new Promise((resolve) => setTimeout(resolve, 3 * lease.expireMs));
  stop.abort();
  await Promise.all([first, second]);
  expect(messages).toEqual(['Another pipeline is at work on this database; waiting until it ends.']);
});
