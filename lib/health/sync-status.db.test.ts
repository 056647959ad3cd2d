import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { checkReadiness } from './check-readiness.ts';
import { getRecommenderStatus } from './get-progress.ts';
import { getSyncStatus } from './get-sync-status.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
});
afterAll(() => database.close());

const now = new Date('2026-11-20T12:01:00Z');

function write(mode: string, checkedAt: string, rest = 'behind') {
  return database.pool.query(`
    insert into recommender.sync_status (name, mode, position, checked_at, ${rest === 'failing' ? 'failing_since, error, behind' : 'behind, oldest_waiting_ts'})
    values ('pg_recommendations', '${mode}', 0, '${checkedAt}', ${rest === 'failing' ? `'${checkedAt}', 'refused', 0` : `4, '2026-11-20T12:00:30Z'`})`);
}

test('before the first run the state is never', async () => {
  expect(await getSyncStatus(database, now)).toMatchObject({ state: 'never', mode: null, behind: 0 });
});

test('for a separate source, the backlog is the one that the sync stored', async () => {
  await write('continuous', '2026-11-20T12:00:40Z');
  expect(await getSyncStatus(database, now)).toMatchObject({ state: 'behind', behind: 4, lagSeconds: 30 });
});

test('a continuous sync without a report for more than 30 seconds has stopped', async () => {
  await write('continuous', '2026-11-20T12:00:29.999Z');
  expect(await getSyncStatus(database, now)).toMatchObject({ state: 'stopped' });
});

test('a failure is reported with its reason', async () => {
  await write('triggered', '2026-11-20T12:00:00Z', 'failing');
  expect(await getSyncStatus(database, now)).toMatchObject({ state: 'failing', error: 'refused' });
});

test('readiness reports that the sync fails or has stopped, without the reason', async () => {
  await write('triggered', '2026-11-20T12:00:00Z', 'failing');
  const failing = await checkReadiness(database);
  expect(failing).toMatchObject({ ready: true, checks: { sync: { ok: false } } });
  expect(failing.checks.sync.detail).toBe('The sync has been failing since 2026-11-20T12:00:00.000Z.');
  await database.pool.query('truncate recommender.sync_status');
  await write('continuous', '2026-11-20T12:00:00Z');
  const { sync } = (await checkReadiness(database)).checks;
  expect(sync).toMatchObject({
    ok: false,
    detail: 'The sync has not reported since 2026-11-20T12:00:00.000Z.',
  });
});

test('changed orders that wait are reported, with how long at most', async () => {
  await writeWaitingOrders();
  expect(await getSyncStatus(database, now)).toMatchObject({ orders: { behind: 5, lagSeconds: 90 } });
  const { sync } = (await checkReadiness(database)).checks;
  expect(sync).toMatchObject({ ok: false, detail: 'The changes of 5 orders are not synced yet.' });
});

function writeWaitingOrders() {
  return database.pool.query(`
    insert into recommender.sync_status (name, mode, position, behind, oldest_waiting_ts, checked_at)
    values ('pg_recommendations', 'triggered', 9, 0, null, '2026-11-20T12:00:55Z'),
      ('pg_orders', 'triggered', 3, 5, '2026-11-20T11:59:30Z', '2026-11-20T12:00:55Z')`);
}

test('for a source in the same database, the backlog is counted now', async () => {
  await write('triggered', '2026-11-20T11:00:00Z');
  await database.pool.query(`
    insert into recommender.refund_recommendations (
      order_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd, agent_response,
      refund_class, refund_usd, reason, source, policy_version, evidence)
    values ('A', '2026-11-20 12:00:50+00', now(), now(), 'sf', 40, 20, '{}', 'none', 0, 'r', 'policy', 'v1', '{}')`);
  expect(await getSyncStatus(database, now)).toMatchObject({ state: 'behind', behind: 1, lagSeconds: 10 });
});

test('the recommender reports its policy, its queue and the calls of the last hour', async () => {
  await database.pool.query(`
    insert into recommender.stream values (true, '2026-11-19T12:00:00Z', now());
    insert into recommender.deferred_orders (order_id, rerun, since, not_before)
    values ('A', 0, '2026-11-20T11:00:00Z', now()), ('B', 0, '2026-11-20T11:30:00Z', now());
    insert into recommender.agent_calls (order_id, rerun, started_at)
    values ('A', 0, '2026-11-20T11:01:00Z'), ('A', 0, '2026-11-20T11:01:00.001Z')`);
  expect(await getRecommenderStatus(database, now)).toEqual({
    policy: 'v1',
    historyUntilTs: '2026-11-19T12:00:00Z',
    deferred: 2,
    deferredSinceTs: '2026-11-20T11:00:00.000Z',
    agentCallsLastHour: 1,
    agentTimeoutsLastHour: 0,
    agentOutagesLastHour: 0,
    agentUnusableLastHour: 0,
    agentStoppedTs: null,
  });
});
