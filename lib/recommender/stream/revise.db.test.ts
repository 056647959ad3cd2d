import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { quietly, read, recommend, withoutHistory } from '../recommend.testing.ts';
import type { Scorer, ScoringCase } from '../scoring/scorer.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
  await withoutHistory(database);
});
afterAll(() => database.close());

type Facts = { created?: string; delivered?: string | null; totals?: string[]; batch: number };

/** Sets what silver says of an order at 'sf', as the pipeline does: in the batch that changed it. */
async function setOrder(orderId: string, facts: Facts): Promise<void> {
  const { created = '2026-11-20T09:00:00Z', delivered = null, totals = ['40.00'], batch } = facts;
  await database.pool.query(
    `
    with gone as (delete from lakeflow.silver_order_items where order_id = $1),
    placed as (
      insert into lakeflow.silver_orders as known (
        order_id, first_day, last_day, location, created_ts, created_event_id, created_batch,
        delivered_ts, delivered_event_id, delivered_batch)
      values ($1, $2::timestamptz::date, $2::timestamptz::date, 'sf', $2, 'c', $4, $3, 'd',
        case when $3::timestamptz is not null then $4::bigint end)
      on conflict (order_id) do update set created_ts = excluded.created_ts, created_batch = excluded.created_batch,
        delivered_ts = excluded.delivered_ts, delivered_batch = excluded.delivered_batch
    )
    delete from lakeflow.silver_deliveries where order_id = $1`,
    [orderId, created, delivered, batch],
  );
  await database.pool.query(
    `
    insert into lakeflow.silver_order_items
      (order_id, location, order_ts, order_day, line_no, price, qty, extended_price, batch_id)
    select $1, 'sf', $2, $2::timestamptz::date, n, total, 1, total, $4
    from unnest($3::numeric[]) with ordinality as line (total, n)`,
    [orderId, created, totals, batch],
  );
  if (delivered === null) return;
  await database.pool.query(
    `
    insert into lakeflow.silver_deliveries
      (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    values ($1, 'sf', $2, $3, extract(epoch from $3::timestamptz - $2::timestamptz)::double precision / 60, $4)`,
    [orderId, created, delivered, batch],
  );
}

async function setNewestEvent(at: string): Promise<void> {
  await database.pool.query(
    `
    insert into lakeflow.checkpoints (name, batch_id, max_event_ts, watermark, updated_at)
    values ('pipeline', 1, $1, $1::timestamptz - interval '3 hours', now())
    on conflict (name) do update set watermark = excluded.watermark, max_event_ts = excluded.max_event_ts`,
    [at],
  );
  await database.pool.query(
    `insert into lakeflow.location_activity values ('sf', $1, 1)
     on conflict (location) do update set newest_event_ts = excluded.newest_event_ts`,
    [at],
  );
}

const rows = `
  select refund_class, refund_usd::text, source, revision, facts
  from recommender.refund_recommendations order by id`;

test('a delivery that comes late supersedes the refund of an undelivered order, once', async () => {
  await setOrder('A', { batch: 1 });
  await setNewestEvent('2026-11-20T18:00:00Z');
  expect(await recommend(database)).toMatchObject({ undelivered: 1, revised: 0 });
  await setOrder('A', { batch: 2, delivered: '2026-11-20T09:31:00.000001Z' });
  expect(await recommend(database)).toMatchObject({ undelivered: 0, revised: 1, added: 0 });
  expect(await recommend(database)).toMatchObject({ undelivered: 0, revised: 0, added: 0 });
  const facts = { created_at: '2026-11-20T09:00:00.000000Z', promised_at: null, total: '40.00', lines: 1 };
  expect(await read(database, rows)).toEqual([
    ...[{ refund_class: 'full', refund_usd: '40.00', source: 'policy', revision: 0 }].map((row) => ({
      ...row,
      facts: { ...facts, delivered_at: null },
    })),
    {
      ...{ refund_class: 'none', refund_usd: '0.00', source: 'policy', revision: 1 },
      facts: { ...facts, delivered_at: '2026-11-20T09:31:00.000001Z' },
    },
  ]);
});

test('a restated total or delivery makes a new row; a new batch with the same facts makes none', async () => {
  await setOrder('A', { batch: 1, delivered: '2026-11-20T10:30:00Z' });
  await recommend(database);
  await setOrder('A', { batch: 2, delivered: '2026-11-20T10:30:00Z' });
  expect(await recommend(database)).toMatchObject({ revised: 0, added: 0 });
  await setOrder('A', { batch: 3, delivered: '2026-11-20T10:30:00Z', totals: ['40.00', '20.00'] });
  expect(await recommend(database)).toMatchObject({ revised: 1 });
  await setOrder('A', { batch: 4, delivered: '2026-11-20T09:40:00Z', totals: ['40.00', '20.00'] });
  expect(await recommend(database)).toMatchObject({ revised: 1 });
  expect(await read<object>(database, rows)).toMatchObject([
    { refund_usd: '10.00', revision: 0, facts: { total: '40.00', lines: 1 } },
    { refund_usd: '15.00', revision: 1, facts: { total: '60.00', lines: 2 } },
    { refund_usd: '0.00', revision: 2, facts: { total: '60.00', lines: 2 } },
  ]);
});

test('the newest row is the one on the newest facts, even where the clock was set back', async () => {
  await setOrder('A', { batch: 1, delivered: '2026-11-20T10:30:00Z' });
  await recommend(database, { clock: fixedClock('2026-11-20T12:00:00Z') });
  await setOrder('A', { batch: 2, delivered: '2026-11-20T09:30:00Z' });
  await recommend(database, { clock: fixedClock('2026-11-20T11:00:00Z') });
  const newest = `
    select refund_class, revision from recommender.refund_recommendations order by ts desc, id desc limit 1`;
  expect(await read(database, newest)).toEqual([{ refund_class: 'none', revision: 1 }]);
});

test('an answer of the agent about facts that changed meanwhile is not stored, and it is asked again', async () => {
  await setOrder('A', { batch: 1, delivered: '2026-11-20T10:30:00Z' });
  const asked: number[] = [];
  const scorer: Scorer = {
    server: 'http://test',
    model: 'm',
    concurrency: 1,
    pausedUntil: () => undefined,
    score: async ({ policyAnswer }: ScoringCase) => {
      asked.push(policyAnswer.order.totalCents);
      if (asked.length === 1)
        await setOrder('A', { batch: 2, delivered: '2026-11-20T10:30:00Z', totals: ['60.00'] });
      const { refundClass, refundCents } = policyAnswer;
      const call = {
        ...{ model: 'm', promptVersion: 'p', promptTokens: 1, completionTokens: 1, latencyMs: 1, trace: [] },
      };
      const text = { reason: 'r', agentResponse: '{}', evidence: {} };
      return { call, outcome: 'answered', refundClass, refundCents, ...text };
    },
  };
  const options = { ...quietly, scorer, callsPerHour: 100, outageMs: 3_600_000 };
  await recommend(database, options);
  expect(asked).toEqual([4000, 6000]);
  const answered = `
    select refund_usd::text, facts ->> 'total' as total, revision
    from recommender.refund_recommendations where source = 'agent'`;
  expect(await read(database, answered)).toEqual([{ refund_usd: '15.00', total: '60.00', revision: 0 }]);
  await recommend(database, options);
  expect(await read(database, answered)).toHaveLength(1);

  await setOrder('A', { batch: 3, delivered: '2026-11-20T10:30:00Z', totals: ['80.00'] });
  expect(await recommend(database, options)).toMatchObject({ revised: 1, called: 1 });
  const current = `
    select source, refund_usd::text, revision
    from recommender.refund_recommendations order by ts desc, id desc limit 1`;
  expect(await read(database, current)).toEqual([{ source: 'agent', refund_usd: '20.00', revision: 1 }]);
});

test('a delivery before its order is no sample of the benchmark', async () => {
  const day = Array.from({ length: 40 }, (_, n) => n);
  for (const n of day)
    await setOrder(`W${n}`, { batch: 1, created: '2026-11-20T09:40:00Z', delivered: '2026-11-20T09:00:00Z' });
  await setOrder('A', { batch: 2, delivered: '2026-11-20T09:30:00Z' });
  await recommend(database);
  const evidence = `
    select evidence -> 'sample_size' as size, evidence ->> 'benchmark_source' as source
    from recommender.refund_recommendations where order_id = 'A'`;
  expect(await read(database, evidence)).toEqual([{ size: 1, source: 'service_level' }]);
});
