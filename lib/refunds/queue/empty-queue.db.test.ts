import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { encodeQueuePage, encodeSummary, queuePageSchema, summarySchema } from '#lib/contract/queue.ts';
import { listDecisionHistory } from '../history/list-decisions.ts';
import { claimNext } from './claim-next.ts';
import { listRecommendations } from './list-recommendations.ts';
import { summarizeRefunds } from './summarize-refunds.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a console without orders has an empty page, zero figures and an empty history', async () => {
  const query = { status: 'all', includeZero: true, sort: 'newest', limit: 25 } as const;
  const page = await listRecommendations(db, query);
  expect(page).toEqual({ items: [], total: 0, nextCursor: null });
  expect(queuePageSchema.parse(encodeQueuePage(page, query))).toEqual({
    ...page,
    ...{ limit: 25, offset: 0, hasMore: false },
  });
  const summary = await summarizeRefunds(db);
  expect(summary).toMatchObject({ recommendations: 0, pending: 0, decidedCents: 0, locations: [] });
  expect(summarySchema.parse(encodeSummary(summary, true))).toEqual({
    ...summary,
    recommendationsCount: 0,
  });
  expect(await listDecisionHistory(db, { limit: 10 })).toEqual({ decisions: [], nextAfter: null });
  const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
  expect(await claimNext(db, ana, query)).toBeUndefined();
});
