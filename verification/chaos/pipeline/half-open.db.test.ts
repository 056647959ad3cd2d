import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { runPipeline } from '#lib/pipeline/index.ts';
import { testOptions } from '#lib/pipeline/lakehouse.testing.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { checkLakehouse } from '../sandbox/check-lakehouse.ts';
import { makeFiles } from '../sandbox/make-events.ts';
import { openProxy } from '../sandbox/proxy.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a connection that goes silent is given up, and the same run continues without losing anything', async () => {
  const volume = await mkdtemp(join(tmpdir(), 'half-open-'));
  const proxy = await openProxy(db.url);
  const far = connect({
    url: proxy.url,
    applicationName: 'caspers half open',
    max: 3,
    statementTimeoutMs: 0,
    role: 'caspers_pipeline',
  });
  const said: string[] = [];
  const stop = new AbortController();
  const lease = { beatMs: 300, expireMs: 1_500 };
  const options = testOptions(far, volume, {
    mode: 'continuous',
    lease,
    signal: stop.signal,
    maxFiles: 1,
    say: (message) => said.push(message),
  });
  const done = runPipeline(options);
  const [first, ...rest] = makeFiles(7, 6, 20);
  const taken = async (count: number) => {
    const { rows } = await db.pool.query('select from lakeflow.ingested_files');
    expect(rows).toHaveLength(count);
  };
  const eventually = (count: number) => vi.waitFor(() => taken(count), { timeout: 120_000, interval: 50 });
  if (first) await writeFileAtomically(volume, first.name, first.content);
  await eventually(1);
  expect(proxy.freeze()).toBeGreaterThan(0);
  for (const { name, content } of rest) await writeFileAtomically(volume, name, content);
  await eventually(1 + rest.length);
  stop.abort();
  // A batch whose answer was lost is committed and not counted by the run; the check below counts.
  expect(await done).toMatchObject({ failures: [] });
  // It ended its old session, and did not wait for the lease to expire.
  expect(said.join()).toMatch(/^No database/);
  expect(said.join()).not.toContain('does not respond');
  await proxy.close();
  await far.close();
  expect(await checkLakehouse({ db, url: db.url, volume, close: db.close })).toEqual([]);
});
