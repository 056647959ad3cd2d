import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTransaction } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { queueQuerySchema } from '#lib/contract/queue.ts';
import type { OrderFacts } from '#lib/contract/refund.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { reverseDecision } from '../decisions/revoke-decision.ts';
import { resolveApproval } from '../index.ts';
import { addScoredOrder, recommend } from '../orders.testing.ts';
import { listRecommendations } from '../queue/index.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { getFactsChange } from './facts-change.ts';

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const lea = { email: 'lea@example.com', role: 'lead' } as const;
const undelivered: OrderFacts = {
  created_at: '2026-01-02T11:00:00.000000Z',
  delivered_at: null,
  promised_at: null,
  total: '100.00',
  lines: 1,
};
const delivered: OrderFacts = { ...undelivered, delivered_at: '2026-01-02T11:31:00.000000Z' };

let db: TestDatabase;
let count = 0;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
     values ('lea', 'Lea', 'lea@example.com', true, 'lead', now(), now())`,
  );
});
afterAll(() => db.close());

test('a decided order whose facts change is marked, listed and explained, and nothing is reversed by itself', async () => {
  const orderId = await addUndelivered();
  const { decision } = await decideRefund(db, ana, accept(orderId, '30.00'));
  if (!decision) throw new Error('it was not decided');
  expect(await getFactsChange(db.pool, orderId)).toBeUndefined();

  await supersede(orderId, delivered);
  expect(await getFactsChange(db.pool, orderId)).toEqual({
    since: 'decision',
    before: undelivered,
    after: delivered,
  });
  expect(await listMarked()).toEqual([orderId]);
  expect(await getRecommendation(db, orderId)).toMatchObject({
    caseStatus: 'decided',
    factsChanged: true,
    decision: { id: decision.id, amountCents: 3000 },
  });

  const input = { orderId, decisionId: decision.id, reason: 'It was delivered', idempotencyKey: nextKey() };
  await reverseDecision(db, lea, input);
  expect(await listMarked()).toEqual([]);
  await decideRefund(db, lea, { ...accept(orderId, '0.00'), refundClass: 'none' });
  expect(await getRecommendation(db, orderId)).toMatchObject({ caseStatus: 'decided', factsChanged: false });
  expect(await getFactsChange(db.pool, orderId)).toBeUndefined();
});

test('the mark goes when the facts become again what they were', async () => {
  const orderId = await addUndelivered();
  await decideRefund(db, ana, accept(orderId, '30.00'));
  await supersede(orderId, delivered);
  await supersede(orderId, undelivered, 3);
  expect(await listMarked()).toEqual([]);
});

test('a new score on the same facts marks nothing', async () => {
  const orderId = await addUndelivered();
  await decideRefund(db, ana, accept(orderId, '30.00'));
  await supersede(orderId, undelivered);
  expect(await getRecommendation(db, orderId)).toMatchObject({ factsChanged: false });
  expect(await getFactsChange(db.pool, orderId)).toBeUndefined();
});

test('an open order says what its suggestion was based on before', async () => {
  const orderId = await addUndelivered();
  await supersede(orderId, delivered);
  expect(await getFactsChange(db.pool, orderId)).toEqual({
    since: 'suggestion',
    before: undelivered,
    after: delivered,
  });
});

test('an approval on superseded facts is refused, also by SQL', async () => {
  const orderId = await addUndelivered();
  const { approval } = await decideRefund(db, ana, accept(orderId, '60.00'));
  if (!approval) throw new Error('it was decided');
  await supersede(orderId, delivered);
  expect(await getFactsChange(db.pool, orderId)).toMatchObject({ since: 'request', before: undelivered });
  const approve = { orderId, requestId: approval.id, outcome: 'approved' } as const;
  await expect(resolveApproval(db, lea, approve)).rejects.toMatchObject({ code: 'recommendation_changed' });
  const bySql = db.pool.query(
    `insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by, order_total_usd,
       recommendation_id, source_suggestion, idempotency_key, request_hash, approved_by, approval_id, reason_code)
     select order_id, amount_usd, refund_class, reason, requested_by, order_total_usd, recommendation_id,
       source_suggestion, idempotency_key, request_hash, 'lea@example.com', id, reason_code
     from refunds.approval_requests where id = $1`,
    [approval.id],
  );
  await expect(bySql).rejects.toMatchObject({ constraint: 'decision_recommendation' });
});

test('a decision that meets facts on their way waits for them and is refused', async () => {
  const orderId = await addUndelivered();
  let decided: Promise<unknown> = Promise.resolve();
  await inTransaction(db.pool, async (connection) => {
    await recommend(connection, { ...scored(orderId), recommendationId: 2, facts: delivered });
    decided = decideRefund(db, ana, accept(orderId, '30.00')).catch((error: unknown) => error);
    await untilBlocked();
  });
  expect(await decided).toMatchObject({ code: 'recommendation_changed' });
  expect(await getRecommendation(db, orderId)).toMatchObject({ decision: null, caseStatus: 'queued' });
});

const scored = (orderId: string) => ({
  orderId,
  totalUsd: '100.00',
  refundClass: 'partial' as const,
  refundUsd: '30.00',
});

async function addUndelivered(): Promise<string> {
  const orderId = `facts-${count++}`;
  await addScoredOrder(db.pool, { ...scored(orderId), facts: undelivered });
  return orderId;
}

function supersede(orderId: string, facts: OrderFacts, recommendationId = 2): Promise<void> {
  return recommend(db.pool, { ...scored(orderId), recommendationId, facts });
}

function accept(orderId: string, amountUsd: string) {
  const fixed = { refundClass: 'partial', reason: 'Late', reasonCode: 'goodwill' } as const;
  return { ...fixed, orderId, recommendationId: undefined, amountUsd, idempotencyKey: nextKey() };
}

const nextKey = () => `facts-key-${count++}`;

async function listMarked(): Promise<string[]> {
  const query = queueQuerySchema.parse({ facts_changed: 'true', include_zero: 'true' });
  const { items, total } = await listRecommendations(db, query);
  expect(total).toBe(items.length);
  return items.map(({ orderId }) => orderId);
}

/** Until the decision waits for the case that the transaction holds. */
async function untilBlocked(): Promise<void> {
  const blocked = `select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%refund_decisions%'`;
  while ((await db.pool.query(blocked)).rowCount === 0) await new Promise((done) => setTimeout(done, 20));
}
