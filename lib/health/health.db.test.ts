import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { checkReadiness } from './check-readiness.ts';
import { formatStatus } from './format.ts';
import { getStatus } from './get-status.ts';
import { listHistory } from './list-history.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
});
afterAll(() => database.close());

const clock = fixedClock('2026-11-20T12:00:30Z');

async function insertRecommendation(ageSeconds: number): Promise<void> {
  await database.pool.query(
    `insert into recommender.refund_recommendations (
       order_id, ts, order_ts, delivered_ts, delivery_minutes, order_total_usd, agent_response, refund_class,
       refund_usd, reason, source, policy_version, evidence)
     values ('A', now() - $1 * interval '1 second', now(), now(), 40, 20, '{}', 'none', 0, 'r', 'policy', 'v1', '{}')`,
    [ageSeconds],
  );
}

test('an empty database has a status without a batch', async () => {
  const status = await getStatus(database, { clock, volume: '/no/such/volume', kind: 'external' });
  expect(status).toMatchObject({
    lag: { newestEventSeconds: null, lastBatchSeconds: null },
    lastBatch: null,
    watermark: null,
    backlog: { files: 0, orders: 0, recommendations: 0 },
  });
  expect(status.tables.find(({ table }) => table === 'lakeflow.all_events')).toEqual({
    table: 'lakeflow.all_events',
    rows: 0,
  });
});

test('a status shows lag, watermark, last batch and what waits before each stage', async () => {
  const volume = await mkdtemp(join(tmpdir(), 'health-'));
  for (const name of ['taken.json', 'waiting.json', '.half.tmp']) await writeFile(join(volume, name), '');
  await database.pool.query(`
    insert into lakeflow.ingested_files
      (volume, path, size_bytes, modified_at, sha256, records, events_added, quarantined, batch_id, ingested_at)
    values ('${volume}', 'taken.json', 0, now(), '', 0, 0, 0, 3, now());
    insert into lakeflow.checkpoints (name, batch_id, max_event_ts, watermark, updated_at)
    values ('pipeline', 3, '2026-11-20 12:00+00', '2026-11-20 09:00+00', '2026-11-20 12:00:20+00');
    insert into lakeflow.silver_deliveries (order_id, created_ts, delivered_ts, delivery_minutes, batch_id)
    values ('A', now(), now(), 1, 2), ('B', now(), now(), 1, 3), ('C', now(), now(), 1, 3);
    insert into recommender.checkpoints (name, batch_id, order_id, updated_at) values ('policy', 3, 'B', now());`);
  await insertRecommendation(0);
  expect(await getStatus(database, { clock, volume, kind: 'embedded' })).toMatchObject({
    at: '2026-11-20T12:00:30.000Z',
    database: { kind: 'embedded' },
    lag: { newestEventSeconds: 30, lastBatchSeconds: 10 },
    newestEventTs: '2026-11-20T12:00:00.000Z',
    watermark: '2026-11-20T09:00:00.000Z',
    lastBatch: { id: 3, committedTs: '2026-11-20T12:00:20.000Z' },
    backlog: { files: 1, orders: 1, recommendations: 1 },
  });
  await rm(volume, { recursive: true });
});

test('a location that is silent is named, with since when and how many of its orders wait', async () => {
  await database.pool.query(`
    insert into lakeflow.checkpoints (name, batch_id, max_event_ts, watermark, updated_at)
    values ('pipeline', 3, '2026-11-20 12:00+00', '2026-11-20 09:00+00', now());
    insert into lakeflow.location_activity (location, newest_event_ts, batch_id)
    values ('sf', '2026-11-20 06:00:00+00', 1), ('sv', '2026-11-20 05:59:59+00', 1);
    insert into lakeflow.silver_orders (order_id, first_day, last_day, location, created_ts, created_batch)
    values ('A', '2026-11-20', '2026-11-20', 'sv', '2026-11-20 05:50+00', 1)`);
  const silent = [{ location: 'sv', silentSinceTs: '2026-11-20T05:59:59.000Z', waitingOrders: 1 }];
  const detail = 'No events from sv since 2026-11-20T05:59:59.000Z (1 order waits).';
  expect(await checkReadiness(database)).toMatchObject({
    ready: true,
    checks: { locations: { ok: false, detail, silent } },
  });
  const status = await getStatus(database, { clock, volume: '/no/such/volume', kind: 'external' });
  expect(status.silentLocations).toEqual(silent);
  expect(formatStatus(status)).toContain(detail);
});

test('history is newest first and limited; an unknown table is refused with the list of tables', async () => {
  await database.pool.query(`
    insert into lakeflow.table_history
      (table_name, version, "timestamp", operation, operation_parameters, operation_metrics)
    select 'all_events', n, '2026-11-20 12:00+00', 'STREAMING UPDATE', '{"epochId": 1}', '{"numOutputRows": 2}'
    from generate_series(0, 4) as n`);
  const entries = await listHistory(database, 'lakeflow.all_events', 2);
  expect(entries.map(({ version }) => version)).toEqual([4, 3]);
  expect(entries[0]).toMatchObject({
    timestamp: '2026-11-20T12:00:00.000Z',
    operationMetrics: { numOutputRows: 2 },
  });
  expect(await listHistory(database, 'silver_order_items', 5)).toEqual([]);
  await expect(listHistory(database, 'nope', 5)).rejects.toThrow(/no table nope in lakeflow.*all_events, /);
  await expect(listHistory(database, "x'; drop table y", 5)).rejects.toThrow(/no table/);
});

test('the console is ready with the schema of this version, and a sync that lags is reported', async () => {
  expect(await checkReadiness(database)).toMatchObject({
    ready: true,
    checks: { database: { ok: true }, schema: { ok: true }, sync: { ok: true, behind: 0, lagSeconds: 0 } },
  });
  await insertRecommendation(90);
  const { ready, checks } = await checkReadiness(database);
  expect([ready, checks.sync.ok, checks.sync.behind]).toEqual([true, false, 1]);
  expect(checks.sync.lagSeconds).toBeGreaterThan(89);
});

test('the console is not ready with an older or a newer schema, or none', async () => {
  const shift = (by: number) =>
    database.pool.query('update migrations.version set version = version + $1', [by]);
  await shift(-1);
  expect((await checkReadiness(database)).checks.schema.detail).toMatch(/older/);
  await shift(2);
  expect(await checkReadiness(database)).toMatchObject({
    ready: false,
    checks: { database: { ok: true }, schema: { ok: false, detail: expect.stringMatching(/newer/) } },
  });
  await database.pool.query('drop schema migrations cascade');
  expect((await checkReadiness(database)).checks.schema.detail).toMatch(
    /before the first release.*npm run reset/,
  );
  await database.pool.query('drop schema refunds, auth, recommender cascade');
  expect((await checkReadiness(database)).checks.schema.detail).toMatch(/empty/);
});

test('the console is not ready without a database, and says what to do', async () => {
  const nowhere = connect({ url: 'postgres://test@127.0.0.1:1/nothing', applicationName: 'test' });
  const { ready, checks } = await checkReadiness(nowhere);
  await nowhere.close();
  expect([ready, checks.schema.ok, checks.sync.ok]).toEqual([false, false, false]);
  expect(checks.database.detail).toMatch(/^No Postgres answers/);
});
