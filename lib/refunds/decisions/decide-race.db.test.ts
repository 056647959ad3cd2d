import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { ConflictError } from '#lib/errors.ts';
import { listDecisions } from '../history/list-decisions.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { decideRefund } from './decide-refund.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('of 200 simultaneous decisions one wins, and all others get it in their error', async () => {
  await addScoredOrder(db.pool, { orderId: 'race' });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, (_, n) => decide('race', `person-${n % 5}@example.com`, `key-${n}-race`, n)),
  );
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
  const current = (await getRecommendation(db, 'race'))?.decision;
  expect(await listDecisions(db, 'race')).toHaveLength(1);
  expect(won.map(({ value }) => value)).toEqual([{ decision: current, replayed: false }]);
  expect(lost).toHaveLength(199);
  for (const error of lost) {
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ code: 'already_decided', current: current });
  }
});

test('100 simultaneous requests with one key are one decision with one answer', async () => {
  await addScoredOrder(db.pool, { orderId: 'once' });
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () => decide('once', 'ana@example.com', 'the-same-key', 300)),
  );
  expect(new Set(outcomes.map(({ decision }) => JSON.stringify(decision))).size).toBe(1);
  expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(await listDecisions(db, 'once')).toHaveLength(1);
});

function decide(orderId: string, email: string, idempotencyKey: string, cents: number) {
  return decideRefund(
    db,
    { email, role: 'reviewer' },
    {
      orderId,
      recommendationId: '1',
      refundClass: 'partial',
      amountUsd: `3.${String(cents % 100).padStart(2, '0')}`,
      reason: 'It came late',
      reasonCode: 'other',
      idempotencyKey,
    },
  );
}
