import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { caseStatuses, caseSteps } from '#lib/contract/case.ts';
import { ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { addScoredOrder, recommend } from '../orders.testing.ts';
import { claimNext } from '../queue/claim-next.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { claimOrder, escalateOrder, releaseDue, releaseOrder, snoozeOrder } from './case-steps.ts';
import { getCase } from './get-case.ts';
import { getVersion, watchOrder } from './watch-order.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
const ben = { email: 'ben@example.com', role: 'reviewer' } as const;
const lea = { email: 'lea@example.com', role: 'lead' } as const;

test('code and database allow the same steps', async () => {
  const { rows } = await db.pool.query('select from_status, to_status from refunds.case_steps');
  const stored = rows.map((row) => `${row.from_status} → ${row.to_status}`);
  const known = caseStatuses.flatMap((from) => caseSteps[from].map((to) => `${from} → ${to}`));
  expect(stored.toSorted()).toEqual(known.toSorted());
});

test('the database accepts every allowed step and refuses all others, 42 in total', async () => {
  await addScoredOrder(db.pool, { orderId: 'steps' });
  for (const from of caseStatuses)
    for (const to of caseStatuses.filter((status) => status !== from)) {
      const took = await forceStep('steps', from, to);
      expect([from, to, took]).toEqual([from, to, caseSteps[from].includes(to) ? 'taken' : '23514']);
    }
});

test('a claim that has run out is shown as over at once, before its row is released', async () => {
  await addScoredOrder(db.pool, { orderId: 'lapsed' });
  await claimOrder(db, ana, { orderId: 'lapsed' });
  await db.pool.query(
    `update refunds.cases set due_ts = now() - interval '1 second' where order_id = 'lapsed'`,
  );
  const found = await getCase(db.pool, 'lapsed');
  expect(found).toMatchObject({ status: 'queued', assignee: null, dueTs: null });
  expect(await claimOrder(db, ben, { orderId: 'lapsed' })).toMatchObject({ assignee: ben.email });
});

test('the version of an order changes with each step, decision and recommendation, and with nothing else', async () => {
  await addScoredOrder(db.pool, { orderId: 'marked' });
  const marks = [await getVersion(db.pool, 'marked')];
  const note = async (change: Promise<unknown>) => {
    await change;
    marks.push(await getVersion(db.pool, 'marked'));
  };
  await note(claimOrder(db, ana, { orderId: 'marked' }));
  await note(recommend(db.pool, { orderId: 'marked', recommendationId: 9 }));
  await note(decide(ana, 'marked'));
  expect(new Set(marks).size).toBe(4);
  await watchOrder(db, ben, { orderId: 'marked' });
  expect(await getVersion(db.pool, 'marked')).toBe(marks.at(-1));
  expect(await getVersion(db.pool, 'unknown')).toBeUndefined();
});

test('of two people who claim one order one gets it, and the error of the other names them', async () => {
  await addScoredOrder(db.pool, { orderId: 'claim' });
  const mine = await claimOrder(db, ana, { orderId: 'claim' });
  expect(mine).toMatchObject({ status: 'claimed', assignee: ana.email });
  const minutes = (Date.parse(mine.dueTs ?? '') - Date.parse(mine.changedTs)) / 60_000;
  expect(minutes).toBeCloseTo(5, 3);
  await expect(claimOrder(db, ben, { orderId: 'claim' })).rejects.toMatchObject({
    code: 'case_claimed',
    current: { assignee: ana.email },
  });
  await expect(decide(ben, 'claim')).rejects.toMatchObject({ code: 'case_claimed' });
  await expect(snoozeOrder(db, ben, { orderId: 'claim', minutes: 5, note: 'x' })).rejects.toMatchObject({
    code: 'case_claimed',
  });
  expect(await claimOrder(db, ana, { orderId: 'claim' })).toMatchObject({ assignee: ana.email });
  expect(await decide(ana, 'claim')).toMatchObject({ decision: { decidedBy: ana.email } });
});

test('the database itself refuses the decision of others on a claimed order', async () => {
  await addScoredOrder(db.pool, { orderId: 'guarded' });
  await claimOrder(db, ana, { orderId: 'guarded' });
  const byHand = db.pool.query(
    `insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by,
       order_total_usd, recommendation_id, source_suggestion, idempotency_key, request_hash)
     values ('guarded', 0, 'none', 'by hand', 'root', 20, 1, '{}', 'by-hand-0002', '')`,
  );
  await expect(byHand).rejects.toMatchObject({ code: '23514', constraint: 'case_claimed' });
});

test('after its time a claim is over: anyone may claim the order, and it is released to the queue', async () => {
  for (const orderId of ['lease-a', 'lease-b', 'lease-c']) {
    await addScoredOrder(db.pool, { orderId });
    await claimOrder(db, ana, { orderId });
  }
  await passTime();
  expect(await getRecommendation(db, 'lease-a')).toMatchObject({ caseStatus: 'queued', assignee: null });
  expect(await claimOrder(db, ben, { orderId: 'lease-a' })).toMatchObject({ assignee: ben.email });
  expect(await decide(ben, 'lease-b')).toMatchObject({ decision: { decidedBy: ben.email } });
  await releaseDue(db.pool);
  expect(await getCase(db.pool, 'lease-c')).toMatchObject({ status: 'queued', assignee: null, dueTs: null });
});

test('20 people who claim the next order at once get 20 different orders, the first ones of the sort', async () => {
  for (let n = 0; n < 25; n++)
    await addScoredOrder(db.pool, { orderId: `next-${n}`, location: 'next', minutes: 100 + n });
  const query = { status: 'pending', includeZero: true, location: 'next', sort: 'lateness' } as const;
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, n) => claimNext(db, { email: `p${n}@x`, role: 'reviewer' }, query)),
  );
  const taken = claims.map((claim) => claim?.orderId ?? '');
  expect(new Set(taken).size).toBe(20);
  const latest = Array.from({ length: 20 }, (_, n) => `next-${24 - n}`);
  expect(taken.toSorted()).toEqual(latest.toSorted());
  expect(await claimNext(db, ana, { ...query, location: 'nowhere' })).toBeUndefined();
});

test('a snoozed order comes back by itself, an escalated one only through a lead', async () => {
  await addScoredOrder(db.pool, { orderId: 'later' });
  await snoozeOrder(db, ana, { orderId: 'later', minutes: 30, note: 'Waiting for the kitchen' });
  expect(await getCase(db.pool, 'later')).toMatchObject({
    status: 'snoozed',
    note: 'Waiting for the kitchen',
  });
  await passTime();
  await releaseDue(db.pool);
  expect(await getCase(db.pool, 'later')).toMatchObject({ status: 'queued' });

  await escalateOrder(db, ana, { orderId: 'later', note: 'Looks like fraud' });
  await expect(decide(ana, 'later')).rejects.toBeInstanceOf(ForbiddenError);
  await expect(releaseOrder(db, ana, { orderId: 'later' })).rejects.toMatchObject({ code: 'case_moved' });
  await expect(claimOrder(db, ben, { orderId: 'later' })).rejects.toMatchObject({ code: 'case_moved' });
  expect(await decide(lea, 'later')).toMatchObject({ decision: { decidedBy: lea.email } });
  const { rows } = await db.pool.query(
    `select from_status || ' → ' || to_status as step, person from refunds.case_history where order_id = 'later' order by id`,
  );
  expect(rows).toEqual([
    { step: 'queued → snoozed', person: ana.email },
    { step: 'snoozed → queued', person: null },
    { step: 'queued → escalated', person: ana.email },
    { step: 'escalated → decided', person: lea.email },
  ]);
});

test('a person who has an order open sees who else has', async () => {
  const othersOf = async (person: typeof ana | typeof ben | typeof lea, orderId: string) =>
    (await watchOrder(db, person, { orderId })).others;
  expect(await othersOf(ana, 'seen')).toEqual([]);
  expect(await othersOf(ben, 'seen')).toEqual([ana.email]);
  expect(await othersOf(ben, 'other')).toEqual([]);
  await db.pool.query(`update refunds.presence set seen_ts = seen_ts - interval '31 seconds'`);
  expect(await othersOf(lea, 'seen')).toEqual([]);
  const { rows } = await db.pool.query('select person from refunds.presence');
  expect(rows).toEqual([{ person: lea.email }]);
});

test('a viewer may take no step, and an unknown order has none', async () => {
  const vic = { email: 'vic@example.com', role: 'viewer' } as const;
  await addScoredOrder(db.pool, { orderId: 'viewed' });
  for (const step of [claimOrder, releaseOrder])
    await expect(step(db, vic, { orderId: 'viewed' })).rejects.toBeInstanceOf(ForbiddenError);
  await expect(claimOrder(db, ana, { orderId: 'unknown' })).rejects.toBeInstanceOf(NotFoundError);
});

function decide(person: typeof ana | typeof ben | typeof lea, orderId: string) {
  return decideRefund(db, person, {
    orderId,
    recommendationId: undefined,
    refundClass: 'partial',
    amountUsd: '3.00',
    reason: 'It came late',
    idempotencyKey: `${person.email.slice(0, 3)}-${orderId}-key`,
  });
}

/** Lets all claims and snoozes run out. */
async function passTime(): Promise<void> {
  await db.pool.query(
    `update refunds.cases set due_ts = clock_timestamp() - interval '1 second' where due_ts is not null`,
  );
}

/** Puts an order into a status whatever it was, then tries one step. @returns "taken" or the SQLSTATE. */
async function forceStep(orderId: string, from: string, to: string): Promise<string> {
  const set = `update refunds.cases set status = $2::text, assignee = 'x', due_ts = case when $2::text in ('claimed', 'snoozed')
    then now() end where order_id = $1`;
  const connection = await db.pool.connect();
  await connection.query(`set session_replication_role = replica`);
  await connection.query(set, [orderId, from]);
  await connection.query(`set session_replication_role = origin`);
  const outcome = await connection.query(set, [orderId, to]).then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );
  connection.release();
  return outcome;
}
