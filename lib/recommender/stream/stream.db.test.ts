import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { generateDeliveries, insertDeliveries } from '../deliveries.testing.ts';
import { quietly, read, recommend } from '../recommend.testing.ts';
import { recommendBackfill } from '../run.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Orders by whether they were delivered in the day before the newest delivery, and whether they have a row. */
const coverage = `
  with newest as (select max(delivered_ts) as at from lakeflow.silver_deliveries)
  select
    delivery.delivered_ts > newest.at - interval '24 hours' as is_new,
    count(*)::integer as orders,
    count(given.order_id)::integer as scored,
    count(distinct given.order_id)::integer as distinct_scored
  from lakeflow.silver_deliveries as delivery cross join newest
  left join recommender.refund_recommendations as given using (order_id)
  group by 1 order by 1`;
type Coverage = { is_new: boolean; orders: number; scored: number; distinct_scored: number };

const scoredIds = `select order_id from recommender.refund_recommendations order by order_id`;

test('a tenth of history is scored, by the hash of the order id, and all of the day before the first start', async () => {
  await generateDeliveries(database, { count: 75_000, days: 90, batches: 9 });
  await recommend(database);
  const [history, fresh] = await read<Coverage>(database, coverage);
  const share = (history?.scored ?? 0) / (history?.orders ?? 1);
  expect(share).toBeGreaterThan(0.095);
  expect(share).toBeLessThan(0.105);
  expect(fresh?.orders).toBeGreaterThan(500);
  expect(fresh).toMatchObject({ scored: fresh?.orders, distinct_scored: fresh?.orders });
});

test('the sample does not depend on the batches, and history is fixed at the first start', async () => {
  await generateDeliveries(database, { count: 3_000, days: 20, batches: 7 });
  await recommend(database, { batchSize: 130 });
  const first = await read(database, scoredIds);
  const fixed = await read(database, 'select * from recommender.stream');
  await database.pool.query('truncate recommender.refund_recommendations, recommender.checkpoints');
  await recommend(database, { batchSize: 5_000 });
  expect(await read(database, scoredIds)).toEqual(first);

  await insertDeliveries(
    database,
    Array.from({ length: 60 }, (_, n) => ({
      orderId: `after-${n}`,
      location: 'sf',
      deliveredTs: new Date(Date.parse('2026-12-20T12:00:00Z') + n * 60_000).toISOString(),
      minutes: 30,
      total: '20.00',
      batchId: 8,
    })),
  );
  expect(await recommend(database)).toMatchObject({ read: 60, orders: 60, added: 60 });
  expect(await read(database, 'select * from recommender.stream')).toEqual(fixed);
});

test('on a start without deliveries, history is what was delivered a day and more before it', async () => {
  await recommend(database, { clock: fixedClock('2026-11-20T12:00:00Z') });
  expect(await read(database, 'select history_until from recommender.stream')).toEqual([
    { history_until: new Date('2026-11-19T12:00:00Z') },
  ]);
});

test('the backfill scores only the rest of history, resumes where it stopped, and then has nothing to do', async () => {
  await generateDeliveries(database, { count: 2_000, days: 20, batches: 5 });
  await recommend(database);
  const sampled = (await read(database, scoredIds)).length;
  const stop = new AbortController();
  const backfill = (signal: AbortSignal, onUpdate: (done: number) => void = () => undefined) =>
    recommendBackfill(database, {
      ...quietly,
      signal,
      byAgent: false,
      batchSize: 300,
      startProgress: () => ({ update: onUpdate, stop: () => undefined }),
    });
  const begun = await backfill(stop.signal, () => stop.abort());
  expect(begun.read).toBe(300);
  const rest = await backfill(quietly.signal);
  expect(begun.read + rest.read).toBe(2_000);
  expect(begun.added + rest.added).toBe(2_000 - sampled);
  expect(await read<Coverage>(database, coverage)).toMatchObject([
    { is_new: false, orders: 1_900, scored: 1_900, distinct_scored: 1_900 },
    { is_new: true, orders: 100, scored: 100, distinct_scored: 100 },
  ]);
  expect(await backfill(quietly.signal)).toMatchObject({ read: 0, added: 0 });
});

test('the backfill goes no further than the stream has come', async () => {
  await generateDeliveries(database, { count: 200, days: 20, batches: 2 });
  const backfill = () => recommendBackfill(database, { ...quietly, byAgent: false });
  expect(await backfill()).toMatchObject({ read: 0 });
  await recommend(database);
  expect(await backfill()).toMatchObject({ read: 200 });
});

test('a backfill by the agent defers orders that leave it a choice, and answers the others', async () => {
  await generateDeliveries(database, { count: 100, days: 20, batches: 2 });
  await recommend(database);
  const { added } = await recommendBackfill(database, { ...quietly, byAgent: true });
  const queued = await read(database, 'select from recommender.deferred_orders');
  expect(queued.length).toBeGreaterThan(5);
  expect(queued.length).toBeLessThan(added);
  const deferred = `select from recommender.refund_recommendations where source = 'deferred' and refund_class is null`;
  expect(await read(database, deferred)).toHaveLength(queued.length);
});

test('each insert of recommendations notifies its listeners', async () => {
  const connection = await database.pool.connect();
  await connection.query('listen refund_recommendations');
  const notified = new Promise((resolve) => connection.once('notification', resolve));
  await generateDeliveries(database, { count: 10, days: 1, batches: 1 });
  await recommend(database);
  expect(await notified).toMatchObject({ channel: 'refund_recommendations' });
  connection.release(true);
});
