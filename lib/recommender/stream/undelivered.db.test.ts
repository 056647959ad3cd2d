import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { evidenceSchema } from '#lib/contract/refund.ts';
import { requestRescore } from '../deferred/defer-orders.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { activatePolicy, readRules } from '../policy/policies.testing.ts';
import { read, recommend } from '../recommend.testing.ts';
import { formatTrace } from '../recommendations/format-trace.ts';
import { getTrace } from '../recommendations/get-trace.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Inserts an order of $24.50 into silver that was placed and not delivered. */
async function place(orderId: string, createdTs: string, batch = 1): Promise<void> {
  await database.pool.query(
    `
    with placed as (
      insert into lakeflow.silver_orders (order_id, first_day, last_day, location, created_ts, created_batch)
      values ($1, $2::timestamptz::date, $2::timestamptz::date, 'sf', $2, $3)
    )
    insert into lakeflow.silver_order_items
      (order_id, location, order_ts, order_day, line_no, price, qty, extended_price, batch_id)
    values ($1, 'sf', $2, $2::timestamptz::date, 1, 12.25, 2, 24.50, 1)`,
    [orderId, createdTs, batch],
  );
}

/** Moves the watermark, and with it the newest event of the location, or of another. */
async function moveWatermark(to: string, location = 'sf'): Promise<void> {
  await database.pool.query(
    `
    insert into lakeflow.checkpoints (name, batch_id, max_event_ts, watermark, updated_at)
    values ('pipeline', 1, $1::timestamptz + interval '3 hours', $1, now())
    on conflict (name) do update set watermark = excluded.watermark, max_event_ts = excluded.max_event_ts`,
    [to],
  );
  await database.pool.query(
    `
    insert into lakeflow.location_activity (location, newest_event_ts, batch_id)
    values ($2, $1::timestamptz + interval '3 hours', 1)
    on conflict (location) do update set newest_event_ts = excluded.newest_event_ts`,
    [to, location],
  );
}

const stored = `
  select order_id, refund_class, refund_usd, source, delivery_minutes, delivered_ts, reason, evidence
  from recommender.refund_recommendations order by id`;

test('an order that is not delivered within the time of the policy is refunded in full, and not a second earlier', async () => {
  await place('lost', '2026-11-20T09:00:00Z');
  await moveWatermark('2026-11-20T11:59:59Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 0 });
  await moveWatermark('2026-11-20T12:00:59Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 1 });
  const [row] = await read<{ evidence: unknown }>(database, stored);
  expect(row).toMatchObject({
    order_id: 'lost',
    refund_class: 'full',
    refund_usd: '24.50',
    source: 'policy',
    delivery_minutes: 180,
    delivered_ts: new Date('2026-11-20T12:00:00Z'),
    reason: 'Not delivered within 180 min of being placed. $24.50 in full.',
  });
  expect(evidenceSchema.parse(row?.evidence)).toMatchObject({ outcome: 'undelivered', refund_percent: 100 });
  await moveWatermark('2026-11-20T14:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 0 });
});

test('a pipeline that stops makes no order undelivered, whatever the clock says', async () => {
  await place('waits', '2026-01-01T09:00:00Z');
  await moveWatermark('2026-01-01T10:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 0 });
});

test('a delivered order is not undelivered, and an order that arrives late is found, however late', async () => {
  await place('late', '2026-11-20T09:00:00Z');
  await insertDeliveries(database, [
    {
      orderId: 'fine',
      location: 'sf',
      deliveredTs: '2026-11-20T09:30:00Z',
      minutes: 30,
      total: '20',
      batchId: 1,
    },
  ]);
  await database.pool.query(`
    insert into lakeflow.silver_orders (order_id, first_day, last_day, created_ts, created_batch, delivered_ts)
    values ('fine', '2026-11-20', '2026-11-20', '2026-11-20 09:00+00', 1, '2026-11-20 09:30+00')`);
  await moveWatermark('2026-11-20T13:00:00Z');
  expect(await recommend(database, { batchSize: 1 })).toMatchObject({ undelivered: 1 });
  await place('came after', '2026-10-19T14:00:00Z', 2);
  await moveWatermark('2026-11-20T13:02:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 1 });
  const full = `select order_id from recommender.refund_recommendations where refund_class = 'full' order by id`;
  expect(await read(database, full)).toEqual([{ order_id: 'late' }, { order_id: 'came after' }]);
});

test('a rescore of an undelivered order adds the same answer beside the first, and the trace shows both', async () => {
  await place('lost', '2026-11-20T09:00:00Z');
  await moveWatermark('2026-11-20T13:00:00Z');
  await recommend(database);
  await requestRescore(database, { orderId: 'lost', note: 'Where is it?', requestedBy: 'ana@example.com' });
  expect(await recommend(database)).toMatchObject({ byPolicy: 1 });
  expect(
    await read(database, 'select rerun, refund_usd from recommender.refund_recommendations order by rerun'),
  ).toEqual([
    { rerun: 0, refund_usd: '24.50' },
    { rerun: 1, refund_usd: '24.50' },
  ]);
  const trace = await getTrace(database, 'lost');
  expect(trace && formatTrace(trace)).toContain('undelivered, time was up at 2026-11-20 12:00:00+00');
  await place('under way', '2026-11-20T12:30:00Z');
  expect(await getTrace(database, 'under way')).toBeUndefined();
});

test('a policy without that rule leaves undelivered orders alone', async () => {
  const rules = readRules('v1') as object;
  const full_refund = { undelivered_after_minutes: null, cancelled: true };
  await activatePolicy(database, { ...rules, version: 'mild', full_refund }, new Date());
  await place('lost', '2026-11-20T09:00:00Z');
  await moveWatermark('2026-11-21T09:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 0 });
});

test('a location that is silent makes none of its orders undelivered, however far the others are', async () => {
  await moveWatermark('2026-11-20T09:00:00Z');
  await place('silent', '2026-11-20T09:00:00Z');
  await moveWatermark('2026-11-25T09:00:00Z', 'chicago');
  expect(await recommend(database)).toMatchObject({ undelivered: 0 });
  await moveWatermark('2026-11-25T09:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 1 });
});

test('an order is not called undelivered while one of its records waits in quarantine', async () => {
  await place('lost', '2026-11-20T09:00:00Z');
  await quarantine('lost');
  await moveWatermark('2026-11-20T13:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 0, revised: 0 });
  await database.pool.query('update lakeflow.quarantined_records set dropped_at = now()');
  expect(await recommend(database)).toMatchObject({ undelivered: 1, revised: 0 });
  expect(await recommend(database)).toMatchObject({ undelivered: 0, revised: 0 });
});

test('a record that comes into quarantine later withdraws the answer until it is dropped', async () => {
  await place('lost', '2026-11-20T09:00:00Z');
  await moveWatermark('2026-11-20T13:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 1 });
  await quarantine('lost');
  expect(await recommend(database)).toMatchObject({ revised: 1 });
  expect(await recommend(database)).toMatchObject({ revised: 0 });
  await database.pool.query('update lakeflow.quarantined_records set dropped_at = now()');
  expect(await recommend(database)).toMatchObject({ revised: 1, undelivered: 0 });
  const rows = await read<object>(
    database,
    `select refund_class, source, evidence ->> 'outcome' as outcome, revision
     from recommender.refund_recommendations order by id`,
  );
  expect(rows).toEqual([
    { refund_class: 'full', source: 'policy', outcome: 'undelivered', revision: 0 },
    { refund_class: null, source: 'deferred', outcome: 'waiting', revision: 1 },
    { refund_class: 'full', source: 'policy', outcome: 'undelivered', revision: 2 },
  ]);
});

async function quarantine(orderId: string): Promise<void> {
  await database.pool.query(
    `
    insert into lakeflow.quarantined_records
      (source_file, line_no, raw, raw_encoding, rule, reason, batch_id, quarantined_at, order_id)
    values ('f', 1, '{', 'text', 'malformed_json', 'cut off', 2, now(), $1)`,
    [orderId],
  );
}
