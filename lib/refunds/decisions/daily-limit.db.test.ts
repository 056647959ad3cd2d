import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { resolveApproval } from '../approvals/resolve-approval.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { getLimits, setApprovalLimit } from '../rules/limits.ts';
import { decideMany, previewMany } from './decide-many.ts';
import { decideRefund } from './decide-refund.ts';
import { reverseDecision, undoDecision } from './revoke-decision.ts';

let db: TestDatabase;
let count = 0;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
     select name, name, name || '@example.com', true, 'lead', now(), now() from unnest('{lea,lou}'::text[]) as name`,
  );
});
afterAll(() => db.close());
beforeEach(() => limit('10.00'));

const lea = { email: 'lea@example.com', role: 'lead' } as const;
const lou = { email: 'lou@example.com', role: 'lead' } as const;
type Who = { email: string; role: 'reviewer' | 'lead' };
const key = () => `key-of-daily-${count++}`;
/** A person who has decided nothing yet. */
const newPerson = (): Who => ({ email: `newPerson-${count++}@example.com`, role: 'reviewer' });

test('without a daily limit there is none', async () => {
  await limit('');
  const ana = newPerson();
  for (let n = 0; n < 5; n++) expect(await alone(ana, '20.00')).toBe(true);
  expect(await getLimits(db.pool, ana)).toEqual({ singleCents: 5000, dailyCents: null, todayCents: 10_000 });
});

test('a refund beyond the daily limit waits for a second person, one within it is decided', async () => {
  const ana = newPerson();
  for (const usd of ['3.00', '3.00', '3.00']) expect(await alone(ana, usd)).toBe(true);
  expect(await alone(ana, '1.01')).toBe(false);
  expect(await alone(ana, '0.00')).toBe(true);
  expect(await alone(ana, '1.00')).toBe(true);
  expect(await alone(ana, '0.01')).toBe(false);
  expect(await alone(newPerson(), '10.00')).toBe(true);
  expect((await getLimits(db.pool, ana)).todayCents).toBe(1000);
});

test('a revoked refund and an approved one do not count towards the limit', async () => {
  const ana = newPerson();
  const first = await decide(ana, '10.00');
  expect(await alone(ana, '5.00')).toBe(false);
  await undoDecision(db, ana, { ...idsOf(first), idempotencyKey: key() });
  const second = await decide(ana, '10.00');
  await reverseDecision(db, lea, { ...idsOf(second), reason: 'Not so', idempotencyKey: key() });
  expect(await alone(ana, '4.00')).toBe(true);
  const { approval } = await decide(ana, '20.00');
  const { id: requestId = '', orderId = '' } = approval ?? {};
  await resolveApproval(db, lea, { orderId, requestId, outcome: 'approved' });
  expect(await alone(ana, '6.00')).toBe(true);
  expect(await alone(ana, '0.01')).toBe(false);
});

test('of 20 simultaneous decisions of one person no more are made than the day allows', async () => {
  const ana = newPerson();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => alone(ana, '3.00')));
  expect(outcomes.filter(Boolean)).toHaveLength(3);
});

test('the database itself enforces the limit on direct SQL, even for simultaneous writes', async () => {
  const ana = newPerson();
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const orderId = await scored();
      return db.pool
        .query(
          `insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by,
             order_total_usd, recommendation_id, source_suggestion, idempotency_key, request_hash)
           values ($1, 3, 'partial', 'by hand', $2, 20, 1, '{}', $3, '')`,
          [orderId, ana.email, key()],
        )
        .then(
          () => 'written',
          ({ constraint }: { constraint: string }) => constraint,
        );
    }),
  );
  expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'decision_approval')).toHaveLength(9);
});

test('each day has its own limit', async () => {
  const ana = newPerson();
  const { decision } = await decide(ana, '10.00');
  const connection = await db.pool.connect();
  await connection.query('set session_replication_role = replica');
  await connection.query(
    `update refunds.refund_decisions set decided_ts = date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
       - interval '1 microsecond' where id = $1`,
    [decision?.id],
  );
  await connection.query('set session_replication_role = origin');
  connection.release();
  expect(await alone(ana, '10.00')).toBe(true);
});

test('a token shares the limit of the person who made it', async () => {
  const ana = newPerson();
  await db.pool.query(
    `insert into auth.api_tokens (name, token_hash, role, created_by, expires_ts)
     select name, convert_to(name, 'UTF8'), 'reviewer', $1, now() + interval '1 day' from unnest('{one,two}'::text[]) as name`,
    [ana.email],
  );
  expect(await alone({ email: 'token:one', role: 'reviewer' }, '4.00')).toBe(true);
  expect(await alone({ email: 'token:two', role: 'reviewer' }, '4.00')).toBe(true);
  for (const email of [ana.email, 'token:one', 'token:two'])
    expect(await alone({ email, role: 'reviewer' }, '2.01')).toBe(false);
  expect(await alone(ana, '2.00')).toBe(true);
});

test('a limit that a lead raised does not count for that lead, and the audit names who set it', async () => {
  await setApprovalLimit(db, lea, { limitUsd: '50.00', dailyLimitUsd: '', reason: 'A busy day' });
  expect((await getLimits(db.pool, lea)).dailyCents).toBe(1000);
  expect((await getLimits(db.pool, lou)).dailyCents).toBeNull();
  await setApprovalLimit(db, lou, { limitUsd: '40.00', dailyLimitUsd: '12.50', reason: 'A calm day' });
  await setApprovalLimit(db, lou, { limitUsd: '45.00', reason: 'Only this' });
  expect(await getLimits(db.pool, newPerson())).toMatchObject({ singleCents: 4500, dailyCents: 1250 });
  const { rows } = await db.pool.query(
    `select actor, detail from auth.audit_log where action = 'approval_limit' order by seq desc limit 1`,
  );
  expect(rows).toEqual([
    {
      actor: lou.email,
      detail: { approval_limit_usd: 45, daily_limit_usd: 12.5, reason: 'Only this' },
    },
  ]);
});

test('a bulk decision needs approval exactly where its preview says so', async () => {
  const ana = newPerson();
  const ids: string[] = [];
  for (const refundUsd of ['4.00', '5.00', '3.00', '1.00', '1.00']) ids.push(await scored({ refundUsd }));
  const orders = ids.map((orderId) => ({ orderId, recommendationId: '1' }));
  const input = { orders, choice: 'accept', idempotencyKey: key() } as const;
  const preview = await previewMany(db, ana, input);
  expect(preview.map((row) => 'needsApproval' in row && row.needsApproval)).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
  const { outcomes } = await decideMany(db, ana, input);
  expect(outcomes.map((outcome) => 'approval' in outcome && outcome.approval !== undefined)).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});

/** Sets the daily limit as a person who decides nothing here; the single one stays at $50. */
async function limit(dailyLimitUsd: string): Promise<void> {
  const setter = { email: 'setter@example.com', role: 'lead' } as const;
  await setApprovalLimit(db, setter, { limitUsd: '50.00', dailyLimitUsd, reason: 'For this test' });
}

async function scored(given: { refundUsd?: string } = {}): Promise<string> {
  const orderId = `daily-${count++}`;
  await addScoredOrder(db.pool, { orderId, ...given });
  return orderId;
}

/** Whether a person refunds an amount alone; else it is a request. */
async function alone(person: Who, amountUsd: string): Promise<boolean> {
  return (await decide(person, amountUsd)).decision !== undefined;
}

async function decide(person: Who, amountUsd: string) {
  const refundClass = amountUsd === '0.00' ? 'none' : amountUsd === '20.00' ? 'full' : 'partial';
  return decideRefund(db, person, {
    orderId: await scored(),
    recommendationId: undefined,
    refundClass,
    amountUsd,
    reason: 'It came late',
    reasonCode: 'other',
    idempotencyKey: key(),
  });
}

function idsOf({ decision }: Awaited<ReturnType<typeof decide>>) {
  return { orderId: decision?.orderId ?? '', decisionId: decision?.id ?? '' };
}
