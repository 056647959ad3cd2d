import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { stream } from '#lib/random.ts';
import { drain, emptyLakehouse, readRows, realOrdersFolder, realOrdersTitle } from './lakehouse.testing.ts';
import { recomputations } from './recompute.testing.ts';

const KILLS = 6;
const script = join(import.meta.dirname, '../../scripts/pipeline.ts');

describe.skipIf(!realOrdersFolder)(`kill -9 over ${realOrdersTitle}`, () => {
  const volume = join(realOrdersFolder ?? '', 'events');
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  test('at random moments loses and repeats nothing', { timeout: 120_000 }, async () => {
    const fresh = await snapshotOfOneDrain();
    await emptyLakehouse(db.pool);
    const seed = Math.floor(process.hrtime()[1] / 1000);
    const random = stream(seed, 'kill');
    const taken: number[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      await killAfterBatches(1 + Math.floor(random() * 4), random() * 60);
      taken.push(await countTaken());
    }
    const counts = await drain(db, volume);
    const total = (await readdir(volume)).length;
    expect(taken[0], `seed ${seed}`).toBeLessThan(total);
    expect(counts.files + (taken.at(-1) ?? 0), `seed ${seed}`).toBe(total);
    expect(await snapshot(), `seed ${seed}, taken ${taken}`).toEqual(fresh);
    await expectNoLeftovers();
  });

  async function snapshotOfOneDrain() {
    await drain(db, volume);
    return snapshot();
  }

  /** Starts the real command, waits until it has committed so many batches and some milliseconds, and kills it. */
  async function killAfterBatches(batches: number, ms: number): Promise<void> {
    const before = await countTaken();
    const child = spawn(process.execPath, [script, '--once', '--volume', volume, '--max-files', '1'], {
      env: { NODE_ENV: 'test', DATABASE_URL: db.url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stderr = text(child.stderr);
    const exited = once(child, 'exit');
    while (child.exitCode === null && (await countTaken()) < before + batches) await wait(5);
    await wait(ms);
    child.kill('SIGKILL');
    await exited;
    expect(child.exitCode ?? 0, await stderr).toBe(0);
  }

  async function countTaken(): Promise<number> {
    const { rows } = await db.pool.query<{ n: number }>(
      'select count(*)::integer as n from lakeflow.ingested_files',
    );
    return rows[0]?.n ?? 0;
  }

  async function snapshot() {
    const bronze =
      'select event_id, ts, order_id, body::text, source_file, source_line from lakeflow.all_events';
    const tables = [bronze, ...recomputations.map(({ incremental }) => incremental)];
    const sketches = 'select day, brand_id, orders_sketch::text from lakeflow.gold_brand_sales_day';
    return Promise.all([...tables, sketches].map((sql) => readRows(db.pool, sql)));
  }

  async function expectNoLeftovers(): Promise<void> {
    const ledger = await readRows(
      db.pool,
      `select sum(events_added) = (select count(*) from lakeflow.all_events) as complete,
         count(distinct batch_id) = (select max(version) + 1 from lakeflow.table_history where table_name = 'all_events')
           as counted
       from lakeflow.ingested_files`,
    );
    expect(ledger).toEqual([{ complete: true, counted: true }]);
  }
});
