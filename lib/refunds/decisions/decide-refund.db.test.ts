import { afterAll, beforeAll, expect, test } from 'vitest';
import { advisoryLockSeeds } from '#db/advisory-locks.ts';
import { connect, inTransaction } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import type { DecideRefundInput } from '#lib/contract/decision.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { BusyError, ConflictError, ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import { listDecisions } from '../history/list-decisions.ts';
import { addScoredOrder, recommend } from '../orders.testing.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { decideRefund } from './decide-refund.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const ben = { email: 'ben@example.com', role: 'reviewer' } as const;

test('a decision is stored with its person, time and suggestion', async () => {
  await addScoredOrder(db.pool, { orderId: 'stored' });
  const { decision, replayed } = await decideRefund(db, ana, input('stored', { amountUsd: '4.5' }));
  expect(replayed).toBe(false);
  expect(decision).toMatchObject({ orderId: 'stored', amountCents: 450, decidedBy: 'ana@example.com' });
  const suggested = { refundClass: 'partial', refundCents: 300 };
  expect(await listDecisions(db, 'stored')).toEqual([{ ...decision, suggested }]);
  const item = await getRecommendation(db, 'stored');
  expect(item).toMatchObject({ status: 'decided', decision });
  const { rows } = await db.pool.query(
    `select source_suggestion ->> 'refund_usd' as usd, order_total_usd as total, abs(extract(epoch from now() - decided_ts)) < 60 as recent
     from refunds.refund_decisions where order_id = 'stored'`,
  );
  expect(rows).toEqual([{ usd: '3.00', total: '20.00', recent: true }]);
});

test('a second decision fails with the first one, and nothing is written', async () => {
  await addScoredOrder(db.pool, { orderId: 'second' });
  const { decision } = await decideRefund(db, ana, input('second'));
  const conflict = await failure(decideRefund(db, ben, input('second', { idempotencyKey: 'ben-key-0001' })));
  expect(conflict).toBeInstanceOf(ConflictError);
  expect(conflict).toMatchObject({ code: 'already_decided', current: decision });
  expect(await listDecisions(db, 'second')).toHaveLength(1);
});

test('a repeated request gets the same answer, even if the recommendation has changed since', async () => {
  await addScoredOrder(db.pool, { orderId: 'again' });
  const first = await decideRefund(db, ana, input('again'));
  await recommend(db.pool, { orderId: 'again', recommendationId: 2, refundClass: 'none', refundUsd: '0' });
  const second = await decideRefund(db, ana, input('again'));
  expect(second).toEqual({ decision: first.decision, replayed: true });
});

test('a key is refused with another request, on the same order or on another', async () => {
  await addScoredOrder(db.pool, { orderId: 'key-a' });
  await addScoredOrder(db.pool, { orderId: 'key-b' });
  const key = 'shared-key-01';
  await decideRefund(db, ana, input('key-a', { idempotencyKey: key }));
  for (const other of [
    input('key-a', { idempotencyKey: key, amountUsd: '3.01' }),
    input('key-a', { idempotencyKey: key, reason: 'Another reason' }),
    input('key-b', { idempotencyKey: key }),
  ])
    expect(await failure(decideRefund(db, ana, other))).toMatchObject({ code: 'idempotency_key_reused' });
  await decideRefund(db, ben, input('key-b', { idempotencyKey: key }));
});

test('a stale screen cannot decide and gets the current recommendation', async () => {
  await addScoredOrder(db.pool, { orderId: 'stale', recommendationId: 7 });
  await recommend(db.pool, { orderId: 'stale', recommendationId: 8, refundUsd: '4.00' });
  const conflict = await failure(decideRefund(db, ana, input('stale', { recommendationId: '7' })));
  expect(conflict).toMatchObject({
    code: 'recommendation_changed',
    current: { suggestion: { recommendationId: '8', refundCents: 400 } },
  });
  expect(await listDecisions(db, 'stale')).toEqual([]);
  await decideRefund(db, ana, input('stale', { recommendationId: '8' }));
});

const noAmounts = [
  '-0',
  '-1',
  '1e1',
  '1e-7',
  'NaN',
  'Infinity',
  '٣',
  '３',
  '1,5',
  '1.005',
  '0x1',
  ' 3',
  '',
  '3.',
  '.5',
];
const refused: [what: string, refundClass: RefundClass, amountUsd: string][] = [
  ['above the total', 'partial', '20.01'],
  ['far above the total', 'full', '9999999999.99'],
  ['a full refund that is not the total', 'full', '19.99'],
  ['a partial refund of everything', 'partial', '20.00'],
  ['a partial refund of nothing', 'partial', '0'],
  ['no refund with money', 'none', '0.01'],
  ...noAmounts.map((text): [string, RefundClass, string] => [`the amount "${text}"`, 'partial', text]),
];

test.each(refused)('%s is refused', async (_, refundClass, amountUsd) => {
  await addScoredOrder(db.pool, { orderId: 'bounds' });
  const error = await failure(decideRefund(db, ana, input('bounds', { refundClass, amountUsd })));
  expect(error).toBeInstanceOf(ValidationError);
  expect(error).toMatchObject({ field: 'amountUsd' });
  expect(await listDecisions(db, 'bounds')).toEqual([]);
});

test('a viewer cannot decide, and an order without a recommendation cannot be decided', async () => {
  await addScoredOrder(db.pool, { orderId: 'roles' });
  const viewer = { email: 'vic@example.com', role: 'viewer' } as const;
  expect(await failure(decideRefund(db, viewer, input('roles')))).toBeInstanceOf(ForbiddenError);
  expect(await failure(decideRefund(db, ana, input('nowhere')))).toBeInstanceOf(NotFoundError);
});

test('an order for which the scorer has no answer can be decided', async () => {
  await addScoredOrder(db.pool, { orderId: 'error', source: 'error', refundClass: null, refundUsd: null });
  await decideRefund(db, ana, input('error', { refundClass: 'none', amountUsd: '0' }));
});

test('a decision that waits too long for the lock fails and says that nothing was written', async () => {
  await addScoredOrder(db.pool, { orderId: 'busy' });
  const hurried = connect({ url: db.url, applicationName: 'caspers test', statementTimeoutMs: 300 });
  await inTransaction(db.pool, async (connection) => {
    await connection.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [
      'busy',
      advisoryLockSeeds.order,
    ]);
    const error = await failure(decideRefund(hurried, ana, input('busy')));
    expect(error).toBeInstanceOf(BusyError);
    expect(error).toMatchObject({ message: expect.stringContaining('Nothing was written') });
  });
  await hurried.close();
  expect(await listDecisions(db, 'busy')).toEqual([]);
});

test('a decision that was written without the lock still wins over a later one', async () => {
  await addScoredOrder(db.pool, { orderId: 'unlocked' });
  const rival = await db.pool.connect();
  await rival.query('begin');
  await rival.query(
    `insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by,
       order_total_usd, recommendation_id, source_suggestion, idempotency_key, request_hash)
     values ('unlocked', 0, 'none', 'by hand', 'root', 20, 1, '{}', 'by-hand-0001', '')`,
  );
  const late = failure(decideRefund(db, ana, input('unlocked')));
  await untilWaiting();
  await rival.query('commit');
  rival.release();
  expect(await late).toMatchObject({ code: 'already_decided', current: { decidedBy: 'root' } });
});

function input(orderId: string, change: Partial<DecideRefundInput> = {}): DecideRefundInput {
  return {
    orderId,
    recommendationId: undefined,
    refundClass: 'partial',
    amountUsd: '3.00',
    reason: 'It came late',
    reasonCode: 'other',
    idempotencyKey: `key-of-${orderId}`,
    ...change,
  };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it was decided'),
    (error: unknown) => error,
  );
}

/** Waits until a connection of this database waits for a lock. */
async function untilWaiting(): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await db.pool.query(waiting)).rowCount).toBe(1);
}
