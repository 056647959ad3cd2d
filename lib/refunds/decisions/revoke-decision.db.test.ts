import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { ConflictError, ForbiddenError } from '#lib/errors.ts';
import { listDecisions } from '../history/list-decisions.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { summarizeRefunds } from '../queue/summarize-refunds.ts';
import { decideRefund } from './decide-refund.ts';
import { reverseDecision, undoDecision } from './revoke-decision.ts';

let db: TestDatabase;
let count = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const lea = { email: 'lea@example.com', role: 'lead' } as const;
const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const key = () => `key-of-back-${count++}`;

test('an undo within 30 seconds puts the order back, and the history keeps both rows', async () => {
  const { orderId, decisionId } = await decided();
  const input = { orderId, decisionId, idempotencyKey: key() };
  const { decision } = await undoDecision(db, ana, input);
  expect(decision).toMatchObject({ kind: 'undo', amountCents: 0, supersedesId: decisionId });
  expect(await undoDecision(db, ana, input)).toEqual({ decision, replayed: true });
  expect((await listDecisions(db, orderId)).map(({ kind }) => kind)).toEqual(['undo', 'decision']);
  const again = await decide(orderId, 400);
  expect(again.decision).toMatchObject({ amountCents: 400, supersedesId: decision?.id });
});

test('the decision of another person, an old one and one that is not current cannot be undone', async () => {
  const { orderId, decisionId } = await decided();
  const undo = (person: typeof ana | typeof lea) =>
    undoDecision(db, person, { orderId, decisionId, idempotencyKey: key() });
  await expect(undo(lea)).rejects.toMatchObject({ code: 'decision_settled' });
  await age(decisionId, 31);
  await expect(undo(ana)).rejects.toMatchObject({ code: 'decision_settled' });
  await reverseDecision(db, lea, { orderId, decisionId, reason: 'Wrong order', idempotencyKey: key() });
  await expect(undo(ana)).rejects.toBeInstanceOf(ConflictError);
});

test('only a lead reverses a decision, however old, and only a lead decides the order again', async () => {
  const { orderId, decisionId } = await decided();
  await age(decisionId, 86_400);
  const input = { orderId, decisionId, reason: 'The customer was paid by card', idempotencyKey: key() };
  await expect(reverseDecision(db, ana, input)).rejects.toBeInstanceOf(ForbiddenError);
  const { decision } = await reverseDecision(db, lea, input);
  expect(decision).toMatchObject({ kind: 'reversal', decidedBy: lea.email, reason: input.reason });
  await expect(reverseDecision(db, lea, { ...input, idempotencyKey: key() })).rejects.toMatchObject({
    code: 'decision_settled',
  });
  await expect(decide(orderId, 400)).rejects.toBeInstanceOf(ForbiddenError);
  expect((await decide(orderId, 400, lea)).decision).toMatchObject({ amountCents: 400 });
});

test('of 30 simultaneous undos and reversals of one decision one wins', async () => {
  const { orderId, decisionId } = await decided();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) =>
      n % 2
        ? undoDecision(db, ana, { orderId, decisionId, idempotencyKey: key() })
        : reverseDecision(db, lea, { orderId, decisionId, reason: 'No', idempotencyKey: key() }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await listDecisions(db, orderId)).toHaveLength(2);
});

/** What the counters must say, kept by hand. */
type Model = {
  orderId: string;
  cents: number;
  latest?: string;
  status: 'open' | 'decided' | 'reversed';
  /** Where an undo leads. */
  before: 'open' | 'reversed';
};

test('after each of many steps the sums are right and an order has at most one current decision', async () => {
  const before = await summarizeRefunds(db);
  const models: Model[] = [];
  for (let n = 0; n < 8; n++) {
    const orderId = `walk-${n}`;
    await addScoredOrder(db.pool, { orderId });
    models.push({ orderId, cents: 0, status: 'open', before: 'open' });
  }
  const step = fc.record({ at: fc.nat(7), reverse: fc.boolean(), cents: fc.integer({ min: 0, max: 2000 }) });
  for (const walk of fc.sample(step, { numRuns: STEPS, seed: 20 })) {
    const model = models[walk.at];
    if (model) await take(model, walk);
    const summary = await summarizeRefunds(db);
    expect(summary.decidedCents - before.decidedCents).toBe(
      models.reduce((sum, { cents }) => sum + cents, 0),
    );
    expect(summary.decisions - before.decisions).toBe(
      models.filter(({ status }) => status !== 'open').length,
    );
  }
  const { rows } = await db.pool.query<{ order_id: string; n: string; usd: string }>(
    `select order_id, count(*) as n, sum(amount_usd) as usd from refunds.current_decisions
     where order_id like 'walk-%' group by order_id`,
  );
  for (const { order_id, n, usd } of rows) {
    const model = models.find(({ orderId }) => orderId === order_id);
    expect([n, Math.round(Number(usd) * 100)]).toEqual(['1', model?.cents]);
  }
  const chains = await db.pool.query(
    `select count(*) filter (where supersedes_id is null)::integer as roots, count(distinct order_id)::integer as orders
     from refunds.refund_decisions where order_id like 'walk-%'`,
  );
  expect(chains.rows[0]?.roots).toBe(chains.rows[0]?.orders);
});

const STEPS = 400;

async function take(model: Model, { reverse, cents }: { reverse: boolean; cents: number }): Promise<void> {
  const { orderId, latest } = model;
  if (model.status !== 'decided') {
    const { decision } = await decide(orderId, cents, lea);
    Object.assign(model, { cents, latest: decision?.id, status: 'decided', before: model.status });
    return;
  }
  const request = { orderId, decisionId: latest ?? '', idempotencyKey: key() };
  if (reverse) await reverseDecision(db, lea, { ...request, reason: 'Not so' });
  else await undoDecision(db, lea, request);
  Object.assign(model, { cents: 0, status: reverse ? 'reversed' : model.before });
}

async function decided() {
  const orderId = `back-${count++}`;
  await addScoredOrder(db.pool, { orderId });
  const { decision } = await decide(orderId, 300);
  return { orderId, decisionId: decision?.id ?? '' };
}

function decide(orderId: string, cents: number, person: typeof ana | typeof lea = ana) {
  const refundClass = cents === 0 ? 'none' : cents === 2000 ? 'full' : 'partial';
  const fixed = { recommendationId: undefined, reason: 'It came late', reasonCode: 'other' as const };
  const amountUsd = (cents / 100).toFixed(2);
  return decideRefund(db, person, { orderId, refundClass, amountUsd, ...fixed, idempotencyKey: key() });
}

/** Makes a decision older, past the trigger that keeps it as it is. */
async function age(decisionId: string, seconds: number): Promise<void> {
  const connection = await db.pool.connect();
  await connection.query('set session_replication_role = replica');
  await connection.query(
    'update refunds.refund_decisions set decided_ts = decided_ts - make_interval(secs => $2) where id = $1',
    [decisionId, seconds],
  );
  await connection.query('set session_replication_role = origin');
  connection.release();
}
