import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { listRequests } from '../approvals/approval-requests.ts';
import { resolveApproval } from '../approvals/resolve-approval.ts';
import { claimOrder, escalateOrder, releaseOrder, snoozeOrder } from '../cases/case-steps.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { undoDecision } from '../decisions/revoke-decision.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { buildCaseTimeline, type CaseTimelineEntry, listCaseMoves } from './case-timeline.ts';
import { listDecisions } from './list-decisions.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
     values ('lea', 'Lea', 'lea@example.com', true, 'lead', now(), now())`,
  );
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const ben = { email: 'ben@example.com', role: 'reviewer' } as const;
const lea = { email: 'lea@example.com', role: 'lead' } as const;

test('every step is in the history of its order once, with its person and reason', async () => {
  const orderId = 'whole history';
  await addScoredOrder(db.pool, { orderId: 'another' });
  await claimOrder(db, ben, { orderId: 'another' });
  await addScoredOrder(db.pool, { orderId, totalUsd: '200.00' });
  await claimOrder(db, ana, { orderId });
  await db.pool.query(
    `update refunds.cases set due_ts = clock_timestamp() - interval '1 millisecond' where order_id = $1`,
    [orderId],
  );
  await claimOrder(db, ben, { orderId });
  await releaseOrder(db, ben, { orderId });
  await snoozeOrder(db, ben, { orderId, minutes: 30, note: 'Waiting' });
  await escalateOrder(db, ben, { orderId, note: 'Odd' });
  await releaseOrder(db, lea, { orderId });
  const requestId = await ask(orderId, 1);
  await resolveApproval(db, lea, { orderId, requestId, outcome: 'rejected', reason: 'Half is enough' });
  const second = await ask(orderId, 2);
  const decision = await resolveApproval(db, lea, { orderId, requestId: second, outcome: 'approved' });
  await undoDecision(db, ana, { orderId, decisionId: decision?.id ?? '', idempotencyKey: 'undo-it-1' });
  expect(await timelineOf(orderId)).toEqual([
    ['queued', 'claimed', ana.email, null],
    ['claimed', 'queued', null, ana.email],
    ['queued', 'claimed', ben.email, null],
    ['claimed', 'queued', ben.email, null],
    ['queued', 'snoozed', ben.email, 'Waiting'],
    ['snoozed', 'escalated', ben.email, 'Odd'],
    ['escalated', 'queued', lea.email, null],
    ['request', ana.email, '90.00'],
    ['rejected', lea.email, 'Half is enough'],
    ['request', ana.email, '90.00'],
    ['decision', ana.email, lea.email],
    ['undo', ana.email, null],
  ]);
});

async function ask(orderId: string, n: number): Promise<string> {
  const { approval } = await decideRefund(db, ana, {
    orderId,
    recommendationId: undefined,
    refundClass: 'partial',
    amountUsd: '90.00',
    reason: 'It came late',
    reasonCode: 'other',
    idempotencyKey: `ask-for-it-${n}`,
  });
  return approval?.id ?? '';
}

async function timelineOf(orderId: string) {
  const [moves, requests, decisions] = await Promise.all([
    listCaseMoves(db.pool, orderId),
    listRequests(db.pool, orderId),
    listDecisions(db, orderId),
  ]);
  return buildCaseTimeline({ moves, requests, decisions }).map(summarize);
}

function summarize(entry: CaseTimelineEntry): (string | null)[] {
  switch (entry.kind) {
    case 'move':
      return [entry.move.from, entry.move.to, entry.move.person, entry.move.holder ?? entry.move.note];
    case 'request':
      return ['request', entry.request.requestedBy, (entry.request.amountCents / 100).toFixed(2)];
    case 'outcome':
      return [entry.outcome.kind, entry.outcome.person, entry.outcome.reason];
    case 'decision':
      return [entry.decision.kind, entry.decision.decidedBy, entry.decision.approvedBy];
  }
}
