import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import type { Databases } from './connections.ts';
import { copyBatch, readPosition } from './drain.ts';
import { findDifferences, insertRecommendations } from './recommendations.testing.ts';
import { type SyncOptions, syncContinuously, syncOnce } from './run.ts';

let database: TestDatabase;
let both: Databases;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
  both = { source: database, target: database };
});
afterAll(() => database.close());

function options(change: Partial<SyncOptions> = {}): SyncOptions {
  const { signal } = new AbortController();
  return { clock: systemClock, log: silentLog, signal, sleep, say: () => undefined, ...change };
}

async function readSynced(): Promise<{ order_id: string; reason: string; xmin: string }[]> {
  const { rows } = await database.pool.query(
    'select order_id, reason, xmin::text from recommender.pg_recommendations order by order_id',
  );
  return rows;
}

const at = (minute: number) => new Date(Date.parse('2026-11-20T13:00:00Z') + minute * 60_000).toISOString();

test('the newest recommendation of each order is copied, by time and then by id', async () => {
  await insertRecommendations(database, [
    { orderId: 'A', ts: at(1), version: 'v1', refund: 3 },
    { orderId: 'A', ts: at(2), version: 'v2', refund: 4 },
    { orderId: 'B', ts: at(1), version: 'v1', refund: 0 },
    { orderId: 'B', ts: at(1), version: 'v2', refund: 0 },
  ]);
  expect(await syncOnce(both, options())).toEqual({ read: 4, written: 2, quarantined: 0, refreshed: 0 });
  expect(await readSynced()).toMatchObject([
    { order_id: 'A', reason: 'v2' },
    { order_id: 'B', reason: 'v2' },
  ]);
  expect(await findDifferences(database)).toEqual([]);
});

test('an older recommendation that arrives later overwrites nothing, for any size of the batches', async () => {
  await insertRecommendations(database, [
    { orderId: 'A', ts: at(5), version: 'v5', refund: 3 },
    { orderId: 'A', ts: at(2), version: 'v2', refund: 4 },
  ]);
  await syncOnce(both, options({ batchSize: 1 }));
  await insertRecommendations(database, [{ orderId: 'A', ts: at(4), version: 'v4', refund: 3 }]);
  expect(await syncOnce(both, options())).toEqual({ read: 1, written: 0, quarantined: 0, refreshed: 0 });
  await insertRecommendations(database, [{ orderId: 'A', ts: at(6), version: 'v6', refund: 3 }]);
  expect(await syncOnce(both, options())).toEqual({ read: 1, written: 1, quarantined: 0, refreshed: 0 });
  expect(await readSynced()).toMatchObject([{ reason: 'v6' }]);
});

test('a second run, even from a lost checkpoint, rewrites no row', async () => {
  await insertRecommendations(database, [
    { orderId: 'A', ts: at(1), version: 'v1', refund: 3 },
    { orderId: 'B', ts: at(1), version: 'v1', refund: 3 },
  ]);
  await syncOnce(both, options());
  const before = await readSynced();
  expect(await syncOnce(both, options())).toEqual({ read: 0, written: 0, quarantined: 0, refreshed: 0 });
  await database.pool.query('truncate recommender.sync_checkpoints');
  expect(await syncOnce(both, options())).toEqual({ read: 2, written: 0, quarantined: 0, refreshed: 0 });
  expect(await readSynced()).toEqual(before);
});

test('of two processes without the lock, one moves the checkpoint, and the rows are right', async () => {
  const versions = Array.from({ length: 40 }, (_, n) => `v${n}`);
  await insertRecommendations(
    database,
    versions.map((version, n) => ({ orderId: `${n % 7}`, ts: at((n * 13) % 40), version, refund: 1 })),
  );
  const [one, other] = [await database.pool.connect(), await database.pool.connect()];
  const copy = (connection: typeof one, position: string, limit: number) =>
    copyBatch({ source: connection, target: connection }, { position, limit, at: systemClock.now() });
  let position = '0';
  for (let left = versions.length; left > 0; left = versions.length - Number(position)) {
    const from = position;
    const batches = await Promise.all([copy(one, from, 3), copy(other, from, 5)]);
    position = await readPosition(one);
    expect(batches.map((batch) => batch?.position)).toEqual([position, position]);
  }
  one.release();
  other.release();
  expect(await findDifferences(database)).toEqual([]);
});

test('a second syncer waits for the first, says so, and takes over', async () => {
  const first = new AbortController();
  const running = syncContinuously(both, options({ signal: first.signal }));
  await until(async () => (await countLocks()) === 1);
  const messages: string[] = [];
  const second = syncOnce(both, options({ say: (message) => messages.push(message) }));
  await until(async () => messages.length === 1);
  expect(messages[0]).toMatch(/^Another sync is running/);
  await insertRecommendations(database, [{ orderId: 'A', ts: at(1), version: 'v1', refund: 3 }]);
  await until(async () => (await readSynced()).length === 1);
  first.abort();
  await running;
  expect(await second).toEqual({ read: 0, written: 0, quarantined: 0, refreshed: 0 });
});

test('a syncer whose connection is cut continues with another', async () => {
  const stop = new AbortController();
  const running = syncContinuously(both, options({ signal: stop.signal }));
  await until(async () => (await countLocks()) === 1);
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
     and database = (select oid from pg_database where datname = current_database())`,
  );
  await insertRecommendations(database, [{ orderId: 'A', ts: at(1), version: 'v1', refund: 3 }]);
  await until(async () => (await readSynced()).length === 1);
  stop.abort();
  await running;
});

async function countLocks(): Promise<number> {
  const { rows } = await database.pool.query(
    `select from pg_locks where locktype = 'advisory' and database = (
       select oid from pg_database where datname = current_database())`,
  );
  return rows.length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}
