import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { testOptions } from '#lib/pipeline/lakehouse.testing.ts';
import { runPipeline } from '#lib/pipeline/run.ts';
import { writeFileAtomically } from '#lib/volume/write-file.ts';
import { judge } from './judge.ts';
import { openProxy } from './proxy.ts';
import { makeFiles } from './world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a way to the database that falls silent is given up, and the same run goes on without a word lost', async () => {
  const volume = await mkdtemp(join(tmpdir(), 'half-open-'));
  const proxy = await openProxy(db.url);
  const far = connect({
    url: proxy.url,
    applicationName: 'caspers half open',
    max: 3,
    statementTimeoutMs: 0,
  });
  const stop = new AbortController();
  const lease = { beatMs: 300, expireMs: 1_500 };
  const options = testOptions(far, volume, { mode: 'continuous', lease, signal: stop.signal, maxFiles: 1 });
  const done = runPipeline(options);
  const [first, ...rest] = makeFiles(7, 6, 20);
  const taken = async (count: number) => {
    const { rows } = await db.pool.query('select from lakeflow.ingested_files');
    expect(rows).toHaveLength(count);
  };
  const eventually = (count: number) => vi.waitFor(() => taken(count), { timeout: 45_000, interval: 50 });
  if (first) await writeFileAtomically(volume, first.name, first.content);
  await eventually(1);
  expect(proxy.freeze()).toBeGreaterThan(0);
  for (const { name, content } of rest) await writeFileAtomically(volume, name, content);
  await eventually(1 + rest.length);
  stop.abort();
  expect(await done).toMatchObject({ files: 1 + rest.length, failures: [] });
  await proxy.close();
  await far.close();
  expect(await judge({ db, url: db.url, volume, close: db.close })).toEqual([]);
});
