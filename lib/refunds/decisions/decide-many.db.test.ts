import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { decideManySchema } from '#lib/contract/decision.ts';
import { claimOrder } from '../cases/case-steps.ts';
import { addScoredOrder, recommend } from '../orders.testing.ts';
import { summarizeRefunds } from '../queue/summarize-refunds.ts';
import { decideMany, previewMany } from './decide-many.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const ben = { email: 'ben@example.com', role: 'reviewer' } as const;
const ids = Array.from({ length: 200 }, (_, n) => `bulk-${n}`);
const orders = ids.map((orderId) => ({ orderId, recommendationId: '1' }));

test('of 200 orders the three that have changed fail with their reason, and a repeat changes nothing', async () => {
  for (const orderId of ids) await addScoredOrder(db.pool, { orderId });
  const input = { orders, choice: 'accept', idempotencyKey: 'bulk-key-0001' } as const;
  expect((await previewMany(db, ana, input)).filter((row) => 'problem' in row)).toEqual([]);
  await recommend(db.pool, { orderId: 'bulk-7', recommendationId: 2 });
  await claimOrder(db, ben, { orderId: 'bulk-8' });
  await db.pool.query(`delete from recommender.pg_recommendations where order_id = 'bulk-9'`);
  const problems = (await previewMany(db, ana, input)).flatMap((row) =>
    'problem' in row ? [[row.orderId, row.problem]] : [],
  );
  expect(problems.map(([orderId]) => orderId)).toEqual(['bulk-7', 'bulk-8', 'bulk-9']);

  const first = await decideMany(db, ana, input);
  const failed = first.outcomes.flatMap(({ orderId, error }) => (error ? [[orderId, error.code]] : []));
  expect(failed).toEqual([
    ['bulk-7', 'recommendation_changed'],
    ['bulk-8', 'case_claimed'],
    ['bulk-9', 'validation'],
  ]);
  expect(await summarizeRefunds(db)).toMatchObject({ decisions: 197, decidedCents: 197 * 300 });
  expect(await decideMany(db, ana, input)).toEqual(first);
  const { rows } = await db.pool.query(
    'select count(*)::integer as n, min(batch_id) as batch from refunds.refund_decisions',
  );
  expect(rows).toEqual([{ n: 197, batch: first.batchId }]);
});

test('denying a suggested refund needs a reason code', async () => {
  await addScoredOrder(db.pool, { orderId: 'deny-a' });
  await addScoredOrder(db.pool, { orderId: 'deny-b', refundClass: 'none', refundUsd: '0' });
  const input = {
    orders: ['deny-a', 'deny-b'].map((orderId) => ({ orderId, recommendationId: '1' })),
    choice: 'deny',
    reason: 'The restaurant has refunded',
    idempotencyKey: 'deny-key-0001',
  } as const;
  expect(await previewMany(db, ana, input)).toMatchObject([{ needsReason: true }, { needsReason: false }]);
  const { outcomes } = await decideMany(db, ana, input);
  expect(outcomes).toMatchObject([{ error: { code: 'validation' } }, { decision: { amountCents: 0 } }]);
  const coded = { ...input, reasonCode: 'already_compensated' } as const;
  const { outcomes: mute } = await decideMany(db, ana, { ...coded, reason: undefined });
  expect(mute[0]).toMatchObject({ error: { code: 'validation', message: 'Say why, in a few words.' } });
  const { outcomes: again } = await decideMany(db, ana, coded);
  expect(again[0]).toMatchObject({ decision: { reasonCode: 'already_compensated' } });
});

test.each([
  ['201 orders', { orders: [...orders, { orderId: 'x', recommendationId: '1' }] }],
  ['no order', { orders: [] }],
  ['one order twice', { orders: [orders[0], orders[0]] }],
])('%s are refused', (_, change) => {
  const input = { choice: 'accept', idempotencyKey: 'bulk-key-0002', ...change };
  expect(decideManySchema.safeParse(input).success).toBe(false);
});
