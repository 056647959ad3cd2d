import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { sleep } from '#lib/clock.ts';
import { createVolume, drain, readRows, testOptions } from '../lakehouse.testing.ts';
import { runPipeline } from './run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const event = (n: number, hour: number) =>
  JSON.stringify({
    event_id: `e${n}`,
    event_type: 'gk_started',
    ts: new Date(Date.UTC(2026, 9, 1, hour)).toISOString(),
    order_id: `o${n}`,
    sequence: 0,
    body: {},
  });

test('a scheduled run ingests, releases the database, and ingests again on schedule', async () => {
  const volume = join(await createVolume(), 'events');
  let now = Date.UTC(2026, 9, 2);
  const slept: number[] = [];
  const stop = new AbortController();
  const between = [
    async () => {
      await mkdir(volume);
      await writeFile(join(volume, '1.json'), event(1, 12));
    },
    // While one sleeps, another may be the writer; what it takes is known at the next turn.
    async () => {
      await writeFile(join(volume, '2.json'), event(2, 13));
      expect(await drain(db, volume)).toMatchObject({ files: 1 });
      await writeFile(join(volume, '3.json'), event(3, 9));
    },
    async () => stop.abort(),
  ];
  const counts = await runPipeline({
    ...testOptions(db, volume, { mode: 'scheduled', signal: stop.signal }),
    everyMs: 300_000,
    clock: {
      now: () => {
        now += 1000;
        return new Date(now);
      },
    },
    sleep: async (ms) => {
      if (ms < 1000) return sleep(ms); // It waits for the lock, while another connection closes.
      slept.push(ms);
      now += ms;
      await between.shift()?.();
    },
  });
  expect(counts).toMatchObject({ batches: 2, files: 2, events: 2, late: 1 });
  expect(slept).toHaveLength(3);
  for (const ms of slept) expect(ms).toBeLessThan(300_000);
  expect(slept.every((ms) => ms > 200_000)).toBe(true);
  const runs = `select event_type, count(*) from lakeflow.pipeline_events where event_type like 'run_%' group by 1`;
  expect(await readRows(db.pool, runs)).toEqual([
    { event_type: 'run_started', count: '4' },
    { event_type: 'run_stopped', count: '4' },
  ]);
});
