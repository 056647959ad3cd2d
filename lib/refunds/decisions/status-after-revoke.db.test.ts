import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { resolveApproval } from '../approvals/resolve-approval.ts';
import { escalateOrder } from '../cases/case-steps.ts';
import { getCase } from '../cases/get-case.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { summarizeRefunds } from '../queue/summarize-refunds.ts';
import { decideRefund } from './decide-refund.ts';
import { reverseDecision, undoDecision } from './revoke-decision.ts';

let db: TestDatabase;
let count = 0;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
     values ('lea', 'Lea', 'lea@example.com', true, 'lead', now(), now()),
       ('liz', 'Liz', 'liz@example.com', true, 'lead', now(), now())`,
  );
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const lea = { email: 'lea@example.com', role: 'lead' } as const;
const liz = { email: 'liz@example.com', role: 'lead' } as const;
const key = () => `key-of-way-${count++}`;

test('after the undo of a lead’s decision a reversed order is reversed again, and closed to reviewers', async () => {
  const { orderId, reversalId } = await reversed();
  const before = await summarizeRefunds(db);
  const { decision } = await decide(orderId, '4.00', lea);
  await undoDecision(db, lea, { orderId, decisionId: decision?.id ?? '', idempotencyKey: key() });
  expect(await getRecommendation(db, orderId)).toMatchObject({
    caseStatus: 'reversed',
    status: 'decided',
    decision: { id: reversalId, kind: 'reversal', amountCents: 0 },
  });
  expect(await summarizeRefunds(db)).toEqual(before);
  await expect(decide(orderId, '3.00', ana)).rejects.toBeInstanceOf(ForbiddenError);
  expect((await decide(orderId, '2.00', lea)).decision).toMatchObject({ amountCents: 200 });
});

test('after the undo of a decision an escalated order is escalated again, with its note', async () => {
  const orderId = await scored();
  await escalateOrder(db, ana, { orderId, note: 'Looks like fraud' });
  const { decision } = await decide(orderId, '3.00', lea);
  await undoDecision(db, lea, { orderId, decisionId: decision?.id ?? '', idempotencyKey: key() });
  expect(await getCase(db.pool, orderId)).toMatchObject({ status: 'escalated', note: 'Looks like fraud' });
  await expect(decide(orderId, '3.00', ana)).rejects.toBeInstanceOf(ForbiddenError);
});

test.each([
  ['rejected', liz],
  ['withdrawn', lea],
] as const)(
  'after a request for approval is %s, an escalated or reversed order is so again',
  async (outcome, person) => {
    const { orderId } = await reversed('200.00');
    const escalated = await scored('200.00');
    await escalateOrder(db, ana, { orderId: escalated, note: 'A large order' });
    for (const [order, status] of [
      [orderId, 'reversed'],
      [escalated, 'escalated'],
    ] as const) {
      const { approval } = await decide(order, '90.00', lea);
      await resolveApproval(db, person, {
        orderId: order,
        requestId: approval?.id ?? '',
        outcome,
        reason: 'No',
      });
      expect(await getCase(db.pool, order)).toMatchObject({ status });
    }
  },
);

test('after the undo of an approved decision the order has the status from before the request', async () => {
  const { orderId } = await reversed('200.00');
  const { approval } = await decide(orderId, '90.00', lea);
  const requestId = approval?.id ?? '';
  const decision = await resolveApproval(db, liz, { orderId, requestId, outcome: 'approved' });
  await undoDecision(db, liz, { orderId, decisionId: decision?.id ?? '', idempotencyKey: key() });
  expect(await getCase(db.pool, orderId)).toMatchObject({ status: 'reversed' });
});

test('after the undo of a decision on a queued order it is queued again', async () => {
  const orderId = await scored();
  const { decision } = await decide(orderId, '3.00', ana);
  await undoDecision(db, ana, { orderId, decisionId: decision?.id ?? '', idempotencyKey: key() });
  expect(await getCase(db.pool, orderId)).toMatchObject({ status: 'queued', note: null });
});

async function scored(totalUsd = '20.00'): Promise<string> {
  const orderId = `way-${count++}`;
  await addScoredOrder(db.pool, { orderId, totalUsd });
  return orderId;
}

async function reversed(totalUsd?: string): Promise<{ orderId: string; reversalId: string }> {
  const orderId = await scored(totalUsd);
  const { decision } = await decide(orderId, '3.00', ana);
  const outcome = await reverseDecision(db, lea, {
    orderId,
    decisionId: decision?.id ?? '',
    reason: 'Paid by card already',
    idempotencyKey: key(),
  });
  return { orderId, reversalId: outcome.decision?.id ?? '' };
}

function decide(orderId: string, amountUsd: string, person: typeof ana | typeof lea) {
  const fixed = { recommendationId: undefined, reason: 'It came late', reasonCode: 'other' as const };
  return decideRefund(db, person, {
    orderId,
    refundClass: 'partial',
    amountUsd,
    ...fixed,
    idempotencyKey: key(),
  });
}
