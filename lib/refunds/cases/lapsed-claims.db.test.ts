import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { claimOrder, releaseDue, releaseOrder, snoozeOrder } from './case-steps.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const ben = { email: 'ben@example.com', role: 'reviewer' } as const;

test('taking over a claim that has run out is two steps of the history, and is notified', async () => {
  const orderId = await claimed('over');
  const listener = new pg.Client({ connectionString: db.url });
  await listener.connect();
  await listener.query('listen refund_cases');
  const notified = new Promise((resolve) => listener.once('notification', ({ payload }) => resolve(payload)));
  const ended = await runOut(orderId);
  await claimOrder(db, ben, { orderId });
  expect(await notified).toBe(orderId);
  await listener.end();
  expect(await steps(orderId)).toEqual([
    ['queued', 'claimed', ana.email],
    ['claimed', 'queued', null],
    ['queued', 'claimed', ben.email],
  ]);
  const { rows } = await db.pool.query<{ ts: Date }>(
    'select ts from refunds.case_history where order_id = $1 and person is null',
    [orderId],
  );
  expect(rows).toEqual([{ ts: ended }]);
});

test.each([
  ['decides', (orderId: string) => decide(ben, orderId), ['queued', 'decided', ben.email]],
  [
    'snoozes',
    (orderId: string) => snoozeOrder(db, ben, { orderId, minutes: 5, note: 'Later' }),
    ['queued', 'snoozed', ben.email],
  ],
  ['claims again', (orderId: string) => claimOrder(db, ana, { orderId }), ['queued', 'claimed', ana.email]],
])('a person who %s after a claim has run out does so from the queue', async (what, act, last) => {
  const orderId = await claimed(`after ${what}`);
  await runOut(orderId);
  await act(orderId);
  expect((await steps(orderId)).slice(1)).toEqual([['claimed', 'queued', null], last]);
});

test('a claim that has run out is ended once, by its holder or by the release of all due orders', async () => {
  for (const end of [() => releaseDue(db.pool), (orderId: string) => releaseOrder(db, ana, { orderId })]) {
    const orderId = await claimed(`ended ${end.length}`);
    await runOut(orderId);
    await end(orderId);
    expect((await steps(orderId)).slice(1)).toEqual([['claimed', 'queued', null]]);
  }
});

test('a claim that is renewed in time is one step', async () => {
  const orderId = await claimed('renewed');
  await claimOrder(db, ana, { orderId });
  expect(await steps(orderId)).toEqual([['queued', 'claimed', ana.email]]);
});

test('a running claim cannot be taken over, not even by direct SQL', async () => {
  const orderId = await claimed('kept');
  for (const change of [`assignee = 'ben'`, `status = 'queued', assignee = null, due_ts = null`])
    await expect(
      db.pool.query(`update refunds.cases set ${change}, changed_by = 'ben' where order_id = $1`, [orderId]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'case_claimed' });
});

test('a person without a claim may decide a free order, but not one that another person has claimed', async () => {
  const free = 'it is unassigned';
  await addScoredOrder(db.pool, { orderId: free });
  expect(await decide(ben, free)).toMatchObject({ decision: { decidedBy: ben.email } });
  const held = await claimed('ana holds it');
  await expect(decide(ben, held)).rejects.toMatchObject({
    code: 'case_claimed',
    current: { assignee: ana.email },
  });
});

async function claimed(orderId: string): Promise<string> {
  await addScoredOrder(db.pool, { orderId });
  await claimOrder(db, ana, { orderId });
  return orderId;
}

/** Lets a claim end a second ago. @returns when it ended. */
async function runOut(orderId: string): Promise<Date> {
  const { rows } = await db.pool.query<{ due_ts: Date }>(
    `update refunds.cases set due_ts = date_trunc('milliseconds', clock_timestamp()) - interval '1 second'
     where order_id = $1 returning due_ts`,
    [orderId],
  );
  if (!rows[0]) throw new Error('no such order');
  return rows[0].due_ts;
}

async function steps(orderId: string) {
  const { rows } = await db.pool.query<{ from_status: string; to_status: string; person: string | null }>(
    'select from_status, to_status, person from refunds.case_history where order_id = $1 order by id',
    [orderId],
  );
  return rows.map((row) => [row.from_status, row.to_status, row.person]);
}

function decide(person: typeof ana | typeof ben, orderId: string) {
  return decideRefund(db, person, {
    orderId,
    recommendationId: undefined,
    refundClass: 'partial',
    amountUsd: '3.00',
    reason: 'It came late',
    idempotencyKey: `${person.email.slice(0, 3)}-${orderId}-key`,
  });
}
