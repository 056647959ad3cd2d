import { afterAll, beforeEach, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import type { Databases } from './connections.ts';
import { insertRecommendations } from './recommendations.testing.ts';
import { type SyncOptions, syncContinuously, syncOnce, syncSnapshot } from './run.ts';

let source: TestDatabase;
let target: TestDatabase;
let databases: Databases;
beforeEach(async () => {
  await closeBoth();
  [source, target] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  databases = { source, target };
});
afterAll(closeBoth);

async function closeBoth() {
  await Promise.all([source?.close(), target?.close()]);
}

function options(change: Partial<SyncOptions> = {}): SyncOptions {
  const { signal } = new AbortController();
  return { clock: systemClock, log: silentLog, signal, sleep, say: () => undefined, ...change };
}

const at = (minute: number) => new Date(Date.parse('2026-11-20T13:00:00Z') + minute * 60_000).toISOString();

async function read(database: TestDatabase, sql: string): Promise<unknown[]> {
  return (await database.pool.query(sql)).rows;
}

const synced = 'select order_id, reason from recommender.pg_recommendations order by order_id';
const status = `select mode, behind, oldest_waiting_ts, failing_since, error from recommender.sync_status where name = 'pg_recommendations'`;

test('with two databases the rows of the source are copied to the target exactly', async () => {
  await insertRecommendations(source, [
    { orderId: 'A', ts: '2026-11-20T13:00:00.123456Z', version: 'v1', refund: 3.1 },
    { orderId: 'A', ts: at(2), version: 'v2', refund: 0 },
    { orderId: 'Ä "quoted" \\ 客', ts: at(1), version: 'v1', refund: 0.1 },
  ]);
  await source.pool.query(
    `update recommender.refund_recommendations set trace = '[{"tool": "x"}]', delivery_minutes = 0.1 + 0.2`,
  );
  expect(await syncOnce(databases, options({ batchSize: 2 }))).toEqual({
    read: 3,
    written: 2,
    quarantined: 0,
    refreshed: 0,
  });
  const content = `select to_jsonb(r) - 'id' - 'recommendation_id' - 'previous_facts' - 'synced_at' - 'facts_batch' - 'revision' as row, delivery_minutes`;
  expect(await read(target, `${content} from recommender.pg_recommendations as r order by order_id`)).toEqual(
    await read(
      source,
      `${content} from recommender.refund_recommendations as r where reason <> 'v1' or order_id <> 'A' order by order_id`,
    ),
  );
  expect(await read(source, synced)).toEqual([]);
});

test('an incomplete recommendation is quarantined once, with the column that it lacks, and stops nothing', async () => {
  await source.pool.query('alter table recommender.refund_recommendations alter order_id drop not null');
  await source.pool.query('alter table recommender.refund_recommendations alter evidence drop not null');
  await insertRecommendations(source, [
    { orderId: 'A', ts: at(1), version: 'v1', refund: 3 },
    { orderId: 'none', ts: at(2), version: 'v1', refund: 3 },
    { orderId: 'blank', ts: at(3), version: 'v1', refund: 3 },
    { orderId: 'bare', ts: at(4), version: 'v1', refund: 3 },
    { orderId: 'B', ts: at(5), version: 'v1', refund: 3 },
  ]);
  await source.pool.query(`
    update recommender.refund_recommendations set order_id = null where order_id = 'none';
    update recommender.refund_recommendations set order_id = ' ' where order_id = 'blank';
    update recommender.refund_recommendations set evidence = null where order_id = 'bare'`);
  expect(await syncOnce(databases, options())).toMatchObject({ read: 5, written: 2, quarantined: 3 });
  expect(
    await read(
      target,
      `select source_id, missing, raw ->> 'reason' as reason from recommender.sync_quarantine order by 1`,
    ),
  ).toEqual([
    { source_id: '2', missing: 'order_id', reason: 'v1' },
    { source_id: '3', missing: 'order_id', reason: 'v1' },
    { source_id: '4', missing: 'evidence', reason: 'v1' },
  ]);
  expect(await syncOnce(databases, options())).toMatchObject({ read: 0, written: 0, quarantined: 0 });
  expect(await syncSnapshot(databases, options())).toMatchObject({ read: 5, written: 0, quarantined: 0 });
});

test('a snapshot copies, repairs and deletes at once; a second one changes nothing', async () => {
  await insertRecommendations(source, [
    { orderId: 'A', ts: at(1), version: 'v1', refund: 3 },
    { orderId: 'A', ts: at(2), version: 'v2', refund: 3 },
    { orderId: 'B', ts: at(1), version: 'v1', refund: 3 },
    { orderId: 'C', ts: at(1), version: 'v1', refund: 3 },
  ]);
  await syncOnce(databases, options());
  await source.pool.query(`delete from recommender.refund_recommendations where order_id = 'C'`);
  await target.pool.query(
    `update recommender.pg_recommendations set reason = 'changed by hand' where order_id = 'B'`,
  );
  await insertRecommendations(source, [{ orderId: 'D', ts: at(3), version: 'v1', refund: 3 }]);
  expect(await syncSnapshot(databases, options())).toEqual({
    read: 4,
    written: 2,
    deleted: 1,
    quarantined: 0,
  });
  expect(await read(target, synced)).toEqual([
    { order_id: 'A', reason: 'v2' },
    { order_id: 'B', reason: 'v1' },
    { order_id: 'D', reason: 'v1' },
  ]);
  expect(await syncSnapshot(databases, options())).toMatchObject({ written: 0, deleted: 0 });
  expect(await syncOnce(databases, options())).toMatchObject({ read: 0 });
  expect(await read(target, status)).toMatchObject([{ mode: 'triggered', behind: '0' }]);
});

test('a snapshot becomes visible as a whole or not at all', async () => {
  await insertRecommendations(
    source,
    Array.from({ length: 100 }, (_, n) => ({ orderId: `${n}`, ts: at(n), version: 'v1', refund: 3 })),
  );
  await target.pool.query(`
    create function public.refuse_one() returns trigger language plpgsql as
    $$ begin if new.order_id = '99' then raise exception 'refused'; end if; return new; end $$;
    create trigger refuse_one before insert on recommender.pg_recommendations
    for each row execute function public.refuse_one()`);
  await expect(syncSnapshot(databases, options())).rejects.toThrow('refused');
  expect(await read(target, synced)).toEqual([]);
  expect(await read(target, status)).toMatchObject([{ mode: 'snapshot', error: 'refused' }]);
  await target.pool.query('drop trigger refuse_one on recommender.pg_recommendations');
  expect(await syncSnapshot(databases, options())).toMatchObject({ written: 100 });
  expect(await read(target, status)).toMatchObject([{ failing_since: null, error: null }]);
});

test('a triggered sync leaves later recommendations to the next run, a continuous one copies them', async () => {
  await insertRecommendations(source, [{ orderId: 'A', ts: at(1), version: 'v1', refund: 3 }]);
  await syncOnce(databases, options());
  await insertRecommendations(source, [{ orderId: 'B', ts: at(2), version: 'v1', refund: 3 }]);
  expect(await read(target, synced)).toHaveLength(1);
  const stop = new AbortController();
  const running = syncContinuously(databases, options({ signal: stop.signal }));
  await until(async () => (await read(target, synced)).length === 2);
  await insertRecommendations(source, [{ orderId: 'C', ts: at(3), version: 'v1', refund: 3 }]);
  await until(async () => (await read(target, synced)).length === 3);
  stop.abort();
  await running;
  expect(await read(target, status)).toMatchObject([
    { mode: 'continuous', behind: '0', failing_since: null },
  ]);
});

test('a source that cannot be reached shows in the status that the console reads, and so does its return', async () => {
  await insertRecommendations(source, [{ orderId: 'A', ts: at(1), version: 'v1', refund: 3 }]);
  await source.pool.query('alter schema recommender rename to elsewhere');
  const stop = new AbortController();
  const running = syncContinuously(databases, options({ signal: stop.signal }));
  await until(async () => (await read(target, 'select from recommender.sync_status')).length === 1);
  expect(await read(target, status)).toMatchObject([
    { failing_since: expect.any(Date), error: expect.stringContaining('does not exist') },
  ]);
  await source.pool.query('alter schema elsewhere rename to recommender');
  await until(async () => (await read(target, synced)).length === 1);
  stop.abort();
  await running;
  expect(await read(target, status)).toMatchObject([{ failing_since: null, error: null }]);
});

test('a source where no Postgres answers is named in the error and in the status', async () => {
  const nowhere = connect({ url: 'postgres://postgres@127.0.0.1:1/none', applicationName: 'test', max: 1 });
  const named = 'cannot be read from the database that LAKEHOUSE_DATABASE_URL names (ECONNREFUSED)';
  await expect(syncOnce({ source: nowhere, target }, options())).rejects.toThrow(named);
  expect(await read(target, status)).toMatchObject([
    { mode: 'triggered', error: expect.stringContaining(named) },
  ]);
  const stop = new AbortController();
  const running = syncContinuously({ source: nowhere, target }, options({ signal: stop.signal }));
  await until(async () => (await read(target, `${status} and mode = 'continuous'`)).length === 1);
  stop.abort();
  await running;
  expect(await read(target, status)).toMatchObject([{ error: expect.stringContaining(named) }]);
  await nowhere.close();
});

test('a syncer that loses its connection to either database continues with another', async () => {
  const stop = new AbortController();
  const [cutSource, cutTarget] = [source, target].map((database) =>
    connect({ url: database.url, applicationName: 'cut me', max: 3 }),
  );
  if (!cutSource || !cutTarget) throw new Error('both are connected');
  const running = syncContinuously(
    { source: cutSource, target: cutTarget },
    options({ signal: stop.signal }),
  );
  for (const [n, database] of [source, target, source, target].entries()) {
    await insertRecommendations(source, [{ orderId: `${n}`, ts: at(n), version: 'v1', refund: 3 }]);
    await until(async () => (await read(target, synced)).length === n + 1);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'cut me' and datname = current_database()`,
    );
  }
  await insertRecommendations(source, [{ orderId: 'last', ts: at(9), version: 'v1', refund: 3 }]);
  await until(async () => (await read(target, synced)).length === 5);
  stop.abort();
  await running;
  await Promise.all([cutSource.close(), cutTarget.close()]);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}
