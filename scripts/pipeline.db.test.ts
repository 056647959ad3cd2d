import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';

let database: TestDatabase;
let volume: string;
beforeAll(async () => {
  database = await createTestDatabase();
  volume = await mkdtemp(join(tmpdir(), 'pipeline-'));
  for (let n = 0; n < 40; n += 1) await drop(n);
});
afterAll(() => database.close());

async function drop(n: number): Promise<void> {
  const item = { id: 1, brand_id: 1, price: 2.5, qty: 2 };
  const order = {
    event_id: `e${n}`,
    event_type: 'order_created',
    order_id: `o${n}`,
    location: 'sf',
    sequence: 0,
  };
  const line = JSON.stringify({ ...order, ts: '2026-10-01 00:00:00', body: { items: [item] } });
  await writeFile(join(volume, `.${n}.tmp`), `${line}\n`);
  await rename(join(volume, `.${n}.tmp`), join(volume, `${n}.json`));
}

function start(...args: string[]) {
  const child = spawn(process.execPath, ['scripts/pipeline.ts', ...args], {
    env: commandEnvironment({ DATABASE_URL: database.url }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { data: '', talk: '' };
  child.stdout.on('data', (chunk) => (output.data += chunk));
  child.stderr.on('data', (chunk) => (output.talk += chunk));
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, done };
}

test.each([[[]], [['--once', '--continuous']], [['--once', '--max-files', '0']], [['--often']]])(
  'wrong usage %j exits with 2',
  async (args) => {
    expect(await start(...args).done).toMatchObject({ code: 2, data: '' });
  },
);

test('two pipelines at once share no file, and both succeed', async () => {
  const runs = [1, 2].map(() => start('--once', '--volume', volume, '--max-files', '1'));
  const results = await Promise.all(runs.map(({ done }) => done));
  const counts = results.map(({ data }) => JSON.parse(data));
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(counts.map(({ files }) => files).toSorted((a, b) => a - b)).toEqual([0, 40]);
  const { rows } = await database.pool.query(
    'select orders::integer, revenue::text from lakeflow.gold_location_sales_hourly',
  );
  expect(rows).toEqual([{ orders: 40, revenue: '200.00' }]);
});

test('a continuous run ingests new files and exits with 0 when it is terminated', async () => {
  const run = start('--continuous', '--volume', volume);
  await drop(40);
  await vi.waitFor(() => expect(run.output.talk).toContain('1 events'), { timeout: 120_000 });
  run.child.kill('SIGTERM');
  const { code, data } = await run.done;
  expect(code).toBe(0);
  expect(JSON.parse(data)).toMatchObject({ batches: 1, files: 1, events: 1 });
});

test('an empty volume is reported as empty', async () => {
  const { code, data, talk } = await start('--once', '--volume', join(volume, 'nowhere')).done;
  expect(code).toBe(0);
  expect(JSON.parse(data)).toMatchObject({ files: 0 });
  expect(talk).toContain('There are no event files in');
});
