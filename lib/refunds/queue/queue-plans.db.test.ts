import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import type { QueueQuery } from '#lib/contract/queue.ts';
import { countRead, explain, listNodes } from '../explain.testing.ts';
import { listRecommendations, queuePage } from './list-recommendations.ts';

const ROWS = 6000;
const LIMIT = 20;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into recommender.pg_recommendations
       (order_id, recommendation_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
        agent_response, refund_class, refund_usd, reason, source, policy_version, evidence, synced_at)
     select 'order-' || n, n, now(), now(), now() - n * interval '1 minute', 'place-' || n % 10, 30 + n % 50, 20, '',
       case when n % 4 = 0 then 'partial' else 'none' end, case when n % 4 = 0 then 3 else 0 end, 'because',
       'policy', 'v1', '{}', now()
     from generate_series(1, $1::integer) as n`,
    [ROWS],
  );
  await db.pool.query('vacuum analyze refunds.cases');
});
afterAll(() => db.close());

const fixed = { includeZero: true, sort: 'newest', limit: LIMIT } as const;
const place = (location: string, more: Partial<QueueQuery> = {}): QueueQuery => ({
  ...{ ...fixed, status: 'pending', refundClass: 'partial', location },
  ...more,
});

test.each([
  ['a place and a class', place('place-4'), LIMIT + 1],
  [
    'a place and a class of all, the oldest first',
    place('place-4', { status: 'all', sort: 'oldest' }),
    LIMIT + 1,
  ],
  ['a place and a class that never meet', place('place-1'), 0],
  ['these by amount', place('place-1', { sort: 'amount' }), 0],
  ['these by lateness, decided or not', place('place-1', { status: 'all', sort: 'lateness' }), 0],
  ['an unknown location', place('nowhere', { refundClass: undefined }), 0],
  ['a place without any refund', place('place-1', { refundClass: undefined, includeZero: false }), 0],
])('for %s only the rows of the page are read', async (_, query, rows) => {
  expect(await countCasesRead(query)).toBe(rows);
});

test('a page is planned once for a connection, not once for a request', async () => {
  const single = connect({ url: db.url, applicationName: 'test', max: 1 });
  const queries: QueueQuery[] = [place('place-4'), { ...fixed, status: 'all' }];
  for (const query of queries)
    for (let n = 0; n < 12; n++) await listRecommendations(single, { ...query, location: `place-${n % 4}` });
  const { rows } = await single.pool.query<{ planned: number }>(
    'select custom_plans::integer as planned from pg_prepared_statements where generic_plans > 0',
  );
  await single.close();
  expect(rows).toHaveLength(queries.length);
  expect(Math.max(...rows.map(({ planned }) => planned))).toBeLessThanOrEqual(5);
});

/** The cases that were read to pick the rows of the page. */
async function countCasesRead(query: QueueQuery): Promise<number> {
  const nodes = listNodes(await explain(db.pool, queuePage(query)));
  const page = nodes.find((node) => node['Subplan Name'] === 'CTE page');
  return countRead(listNodes(page), 'cases');
}
