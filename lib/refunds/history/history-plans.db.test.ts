import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import type { HistoryQuery } from '#lib/contract/decision.ts';
import { countRead, explain, listNodes } from '../explain.testing.ts';
import { type HistoryQuestion, historyPage } from './list-decisions.ts';

const ROWS = 20_000;
const LIMIT = 20;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const connection = await db.pool.connect();
  await connection.query('set session_replication_role = replica');
  await connection.query(
    `insert into refunds.refund_decisions (order_id, decided_ts, amount_usd, refund_class, reason, decided_by,
       order_total_usd, recommendation_id, source_suggestion, idempotency_key, request_hash)
     select 'order-' || n, '2026-01-01Z'::timestamptz + n * interval '1 minute', 3, 'partial',
       case when n % 4000 = 1 then 'lasagne ' else '' end || 'It came late, ' || md5(n::text), 'p' || n % 20, 20, n,
       '{"refund_class": "partial", "refund_usd": 3}', 'key-of-plan-' || n, ''
     from generate_series(1, $1::integer) as n`,
    [ROWS],
  );
  await connection.query('set session_replication_role = origin');
  connection.release();
  await db.pool.query('vacuum analyze refunds.refund_decisions');
});
afterAll(() => db.close());

test.each<[string, Omit<HistoryQuery, 'limit'>, HistoryQuestion['searchIn'], number]>([
  ['the newest page', {}, undefined, LIMIT + 1],
  ['a deep page', { after: '3000' }, undefined, LIMIT + 1],
  ['a day long past', { from: '2026-01-02T00:00:00Z', until: '2026-01-03T00:00:00Z' }, undefined, LIMIT + 1],
  ['a person', { decidedBy: 'p7' }, undefined, LIMIT + 1],
  ['what was undone, of which there is nothing', { kind: 'undo' }, undefined, 0],
  ['overrides, of which there are none', { suggestion: 'overridden' }, undefined, 0],
  ['the beginning of an order', { orderId: 'order-777' }, undefined, 11],
  ['a frequent word among the newest', { search: 'late' }, 'newest', LIMIT + 1],
  ['a rare word among all', { search: 'lasag' }, 'all', 5],
  ['a word that occurs nowhere', { search: 'nobodywrotethis' }, 'all', 0],
])('for %s only the rows of the page are read', async (_, query, searchIn, rows) => {
  expect(await countDecisionsRead({ query: { ...query, limit: LIMIT }, searchIn })).toBe(rows);
});

/** The decisions that were read to make the page, except the one that the page before ended with. */
async function countDecisionsRead(question: HistoryQuestion): Promise<number> {
  const plan = await explain(db.pool, historyPage(question));
  return countRead(
    listNodes(plan, (node) => node['Parent Relationship'] === 'InitPlan'),
    'refund_decisions',
  );
}
