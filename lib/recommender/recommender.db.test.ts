import { afterAll, beforeEach, expect, test } from 'vitest';
import { inTransaction } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { sleep } from '#lib/clock.ts';
import { generateDeliveries, insertDeliveries, type TestDelivery } from './deliveries.testing.ts';
import { quietly, read as readRows, withoutHistory } from './recommend.testing.ts';
import { recommendContinuously, recommendOnce } from './run.ts';
import { moveCheckpoint } from './stream/checkpoint.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
  await withoutHistory(database);
});
afterAll(() => database.close());

function recommend(batchSize = 5_000) {
  return recommendOnce(database, { ...quietly, batchSize });
}

async function read<Row extends object>(sql: string): Promise<Row[]> {
  return readRows<Row>(database, sql);
}

/** `count` deliveries of 1, 2, 3 … minutes, one a minute before noon. */
function ladder(count: number, location: string): TestDelivery[] {
  const noon = Date.parse('2026-11-20T12:00:00Z');
  return Array.from({ length: count }, (_, at) => ({
    orderId: `${location}-${at + 1}`,
    location,
    deliveredTs: new Date(noon - (count - at) * 60_000).toISOString(),
    minutes: at + 1,
    total: '20.00',
    batchId: 1,
  }));
}

const lastRow = `
  select refund_class, refund_usd, evidence from recommender.refund_recommendations order by id desc limit 1`;

test('the window is the 24 hours before the delivery, without its first instant and with the order itself', async () => {
  const noon = { location: 'sf', deliveredTs: '2026-11-20T12:00:00.000001Z', total: '20.00', batchId: 2 };
  await insertDeliveries(database, [
    ...ladder(30, 'sf'),
    { ...noon, orderId: 'out', deliveredTs: '2026-11-19T12:00:00.000001Z', minutes: 500 },
    { ...noon, orderId: 'in', deliveredTs: '2026-11-19T12:00:00.000002Z', minutes: 600 },
    { ...noon, orderId: 'scored', minutes: 25 },
  ]);
  await recommend();
  expect(await read(lastRow)).toMatchObject([
    {
      refund_class: 'partial',
      refund_usd: '3.00',
      evidence: {
        benchmark_source: 'trailing_day',
        sample_size: 32,
        p75_minutes: 24.25,
        window_from: '2026-11-19T12:00:00.000001Z',
        window_to: '2026-11-20T12:00:00.000001Z',
      },
    },
  ]);
});

test('the week, then the service level, are used where a day has too few deliveries', async () => {
  const later = { orderId: 'later', location: 'sf', deliveredTs: '2026-11-23T12:00:00Z', total: '20.00' };
  await insertDeliveries(database, [...ladder(29, 'sf'), { ...later, minutes: 200, batchId: 2 }]);
  await recommend();
  expect(await read(lastRow)).toMatchObject([
    { refund_usd: '5.00', evidence: { benchmark_source: 'trailing_week', sample_size: 30 } },
  ]);
  await insertDeliveries(database, [
    { ...later, orderId: 'nowhere', location: null, minutes: 45.01, batchId: 3 },
  ]);
  await recommend();
  expect(await read(lastRow)).toMatchObject([
    {
      refund_usd: '3.00',
      evidence: { benchmark_source: 'service_level', sample_size: 0, window_from: null },
    },
  ]);
});

test("percentiles of every order are those of Postgres's percentile_cont, to the last bit", async () => {
  await generateDeliveries(database, { count: 3_000, days: 20, batches: 7 });
  await recommend(700);
  const wrong = await read(`
    select order_id from recommender.refund_recommendations as given
    cross join lateral (
      select
        count(*) as n,
        percentile_cont(array[0.5, 0.75, 0.99]) within group (order by delivery_minutes) as p
      from lakeflow.silver_deliveries as other
      where other.location = given.location and other.delivered_ts <= given.delivered_ts
        and other.delivered_ts > (given.evidence ->> 'window_from')::timestamptz
    ) as exact
    where evidence ->> 'benchmark_source' <> 'service_level' and (
      (evidence ->> 'sample_size')::integer <> exact.n
      or array[evidence ->> 'p50_minutes', evidence ->> 'p75_minutes', evidence ->> 'p99_minutes']::float8[] <> exact.p)`);
  expect(wrong).toEqual([]);
  const bases = await read<{ benchmark_source: string }>(
    `select distinct evidence ->> 'benchmark_source' as benchmark_source from recommender.refund_recommendations order by 1`,
  );
  expect(bases.map(({ benchmark_source }) => benchmark_source)).toEqual([
    'service_level',
    'trailing_day',
    'trailing_week',
  ]);
});

test('a batch larger than the limit is scored whole, and a second run changes nothing', async () => {
  await generateDeliveries(database, { count: 250, days: 3, batches: 2 });
  expect(await recommend(40)).toMatchObject({ orders: 250, added: 250 });
  const snapshot = `select md5(string_agg(r::text, ',' order by id)) from recommender.refund_recommendations as r`;
  const before = await read(snapshot);
  expect(await recommend(40)).toMatchObject({
    orders: 0,
    added: 0,
    byClass: { none: 0, partial: 0, full: 0 },
  });
  expect(await read(snapshot)).toEqual(before);
});

test('a checkpoint that was lost adds no second recommendation', async () => {
  await generateDeliveries(database, { count: 100, days: 3, batches: 1 });
  await recommend();
  await database.pool.query('truncate recommender.checkpoints');
  expect(await recommend()).toMatchObject({ orders: 100, added: 0 });
});

test('two recommenders at once share the work, and ids are in the order of commits', async () => {
  await generateDeliveries(database, { count: 1_000, days: 5, batches: 9 });
  const [one, two] = await Promise.all([recommend(50), recommend(50)]);
  expect((one?.added ?? 0) + (two?.added ?? 0)).toBe(1_000);
  const rows = await read(`
    select count(*)::integer as n, count(distinct order_id)::integer as orders,
      bool_and(ts >= before) as in_order
    from (select *, lag(ts) over (order by id) as before from recommender.refund_recommendations) as r`);
  expect(rows).toEqual([{ n: 1_000, orders: 1_000, in_order: true }]);
});

test('times at the ends of the calendar are scored too', async () => {
  const far = { location: 'sf', minutes: 80, total: '20.00', batchId: 1 };
  await insertDeliveries(database, [
    { ...far, orderId: 'first', deliveredTs: '0001-01-02T00:00:00Z' },
    { ...far, orderId: 'last', deliveredTs: '9999-12-31T23:59:59.999999Z' },
  ]);
  expect(await recommend()).toMatchObject({ added: 2 });
  const kept = await read(
    `select from recommender.refund_recommendations join lakeflow.silver_deliveries using (order_id, delivered_ts)`,
  );
  expect(kept.length).toBe(2);
});

test('an order without lines is worth nothing and gets nothing', async () => {
  await database.pool.query(`
    insert into lakeflow.silver_deliveries (order_id, created_ts, delivered_ts, delivery_minutes, batch_id)
    values ('empty', '2026-11-20 10:00+00', '2026-11-20 12:00+00', 120, 1)`);
  await recommend();
  expect(await read(lastRow)).toMatchObject([{ refund_class: 'none', refund_usd: '0.00' }]);
});

test('the checkpoint moves only from where it is', async () => {
  const move = (from: string, to: string) =>
    inTransaction(database.pool, (connection) =>
      moveCheckpoint(connection, 'policy', {
        from: { batchId: from, orderId: '' },
        to: { batchId: to, orderId: '' },
        at: new Date(0),
      }),
    );
  await move('0', '1');
  await expect(move('0', '2')).rejects.toThrow('moved without its lock');
  await move('1', '2');
});

test('run continuously, it is woken by the batches of the pipeline long before it would poll', async () => {
  const stop = new AbortController();
  const running = recommendContinuously(database, { ...quietly, signal: stop.signal });
  const countIs = async (n: number) => {
    const started = performance.now();
    const sql = 'select count(*)::integer as n from recommender.refund_recommendations';
    while ((await read<{ n: number }>(sql))[0]?.n !== n) await sleep(10);
    return performance.now() - started;
  };
  await insertDeliveries(database, ladder(3, 'sf'));
  await countIs(3);
  await insertDeliveries(database, ladder(4, 'sv'));
  await database.pool.query('notify pipeline_batch');
  expect(await countIs(7)).toBeLessThan(3_000);
  stop.abort();
  await running;
});
