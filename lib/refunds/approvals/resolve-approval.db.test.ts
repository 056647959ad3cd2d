import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { type Role, roles } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { addScoredOrder, recommend } from '../orders.testing.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import { setApprovalLimit } from '../rules/limits.ts';
import { getApproval } from './approval-requests.ts';
import { resolveApproval } from './resolve-approval.ts';

type Who = { email: string; role: Role };
let db: TestDatabase;
let count = 0;
const ana: Who = { email: 'ana@example.com', role: 'reviewer' };
const lea: Who = { email: 'lea@example.com', role: 'lead' };
const robot: Who = { email: 'token:robot', role: 'reviewer' };
const lou: Who = { email: 'lou@example.com', role: 'lead' };

beforeAll(async () => {
  db = await createTestDatabase();
  for (const { email, role } of [ana, lea, lou, { email: 'ada@example.com', role: 'admin' as const }])
    await addUser(email, role);
  await addUser('gone@example.com', 'lead', true);
  await db.pool.query(
    `insert into auth.api_tokens (name, token_hash, role, created_by, expires_ts)
     values ('robot', '', 'reviewer', 'ada@example.com', now() + interval '1 day')`,
  );
});
afterAll(() => db.close());

test('a decision above the limit waits, and nothing is refunded until a second person approves it', async () => {
  const { orderId, requestId, input } = await askFor(ana);
  const waiting = await getRecommendation(db, orderId);
  expect(waiting).toMatchObject({ caseStatus: 'pending_approval', status: 'pending', decision: null });
  expect(await decideRefund(db, ana, input)).toMatchObject({ approval: { id: requestId }, replayed: true });
  await expect(decideRefund(db, lou, { ...input, idempotencyKey: 'lous-own-key' })).rejects.toMatchObject({
    code: 'case_moved',
  });
  const decision = await resolveApproval(db, lea, { orderId, requestId, outcome: 'approved' });
  expect(decision).toMatchObject({ amountCents: 6000, decidedBy: ana.email, approvedBy: lea.email });
  expect(await getRecommendation(db, orderId)).toMatchObject({ caseStatus: 'decided', decision });
  expect(await resolveApproval(db, lea, { orderId, requestId, outcome: 'approved' })).toEqual(decision);
  await expect(resolveApproval(db, lou, { orderId, requestId, outcome: 'approved' })).rejects.toMatchObject({
    code: 'approval_settled',
  });
});

test('up to the limit one person is enough', async () => {
  const orderId = await newOrder();
  expect((await decideRefund(db, ana, ask(orderId, '50.00'))).decision).toMatchObject({ amountCents: 5000 });
});

test('a rejected or withdrawn request puts the order back, and another can be made', async () => {
  for (const [person, outcome] of [
    [lea, 'rejected'],
    [ana, 'withdrawn'],
  ] as const) {
    const { orderId, requestId } = await askFor(ana);
    expect(await resolveApproval(db, person, { orderId, requestId, outcome })).toBeNull();
    expect(await getApproval(db.pool, orderId)).toBeUndefined();
    expect((await decideRefund(db, ana, ask(orderId, '60.00'))).approval).toBeDefined();
  }
});

test('a request on an outdated recommendation cannot be approved', async () => {
  const { orderId, requestId } = await askFor(ana);
  await recommend(db.pool, { orderId, recommendationId: 2, totalUsd: '100.00' });
  await expect(resolveApproval(db, lea, { orderId, requestId, outcome: 'approved' })).rejects.toMatchObject({
    code: 'recommendation_changed',
  });
  expect(await resolveApproval(db, lea, { orderId, requestId, outcome: 'rejected' })).toBeNull();
});

type Trick = [name: string, by: Who, play: (requested: RequestedApproval) => Promise<unknown>];
const approve = (who: Who) => (requested: RequestedApproval) =>
  resolveApproval(db, who, {
    orderId: requested.orderId,
    requestId: requested.requestId,
    outcome: 'approved',
  });

/** A decision by direct SQL with the rights of the console. */
const forge = (columns: Record<string, unknown>) => (requested: RequestedApproval) =>
  insertDecision(requested, columns);

const tricks: Trick[] = [
  ['the lead who requested approves', lea, approve(lea)],
  ['the same in capitals', lea, approve({ ...lea, email: 'LEA@example.com' })],
  ['the reviewer who requested approves', ana, approve(ana)],
  ['the first person, who has a higher role now', ana, approve({ ...ana, role: 'admin' })],
  ...roles.slice(0, 2).map((role): Trick => [`a ${role} approves`, ana, approve({ email: 'x@y', role })]),
  ['a lead by session alone, unknown to the database', ana, approve({ email: 'x@y', role: 'lead' })],
  ['a reviewer whose session says lead', lea, approve({ ...ana, role: 'lead' })],
  ['a disabled lead', ana, approve({ email: 'gone@example.com', role: 'lead' })],
  ['the admin whose token requested approves', robot, approve({ email: 'ada@example.com', role: 'admin' })],
  ['asking twice with two keys', ana, (a) => decideRefund(db, ana, ask(a.orderId, '60.00'))],
  ['asking for less while it waits', ana, (a) => decideRefund(db, ana, ask(a.orderId, '49.99'))],
  ['a lead asking for the same instead', ana, (a) => decideRefund(db, lea, ask(a.orderId, '60.00'))],
  ['withdrawing what is another’s', ana, (a) => resolve(lea, a, 'withdrawn')],
  ['rejecting one’s own, as a lead', lea, (a) => resolve(lea, a, 'rejected')],
  ['approving a request that does not exist', ana, (a) => approve(lea)({ ...a, requestId: '999999' })],
  ['approving it on another order', ana, async (a) => approve(lea)({ ...a, orderId: await newOrder() })],
  ['SQL: no approval at all', ana, forge({})],
  ['SQL: a name, and no request', ana, forge({ approved_by: lea.email })],
  ['SQL: a request, and no name', ana, forge({ approval_id: 'request' })],
  ['SQL: the name of who requested', ana, forge({ approved_by: ana.email, approval_id: 'request' })],
  ['SQL: the same in capitals', lea, forge({ approved_by: 'LEA@EXAMPLE.COM', approval_id: 'request' })],
  ['SQL: the name of a reviewer', lea, forge({ approved_by: ana.email, approval_id: 'request' })],
  ['SQL: an unknown name', ana, forge({ approved_by: 'x@y', approval_id: 'request' })],
  ['SQL: a disabled lead', ana, forge({ approved_by: 'gone@example.com', approval_id: 'request' })],
  [
    'SQL: more than was requested for',
    ana,
    forge({ approved_by: lea.email, approval_id: 'request', amount_usd: '61.00' }),
  ],
  [
    'SQL: decided by another than requested',
    ana,
    forge({ approved_by: lea.email, approval_id: 'request', decided_by: 'bob@example.com' }),
  ],
  [
    'SQL: the request of another order',
    ana,
    async (a) => insertDecision(a, { approved_by: lea.email, approval_id: (await askFor(ana)).requestId }),
  ],
  [
    'SQL: the name of who made the token',
    robot,
    forge({ approved_by: 'ada@example.com', approval_id: 'request' }),
  ],
  ['SQL: an approval without a decision', ana, (a) => outcomeBySql(a, 'approved')],
  ['SQL: moving the order by hand', ana, (a) => moveBySql(a)],
  ['SQL: changing the request', ana, (a) => sql('update refunds.approval_requests set amount_usd = 1', a)],
  ['SQL: taking the limit away', ana, (a) => sql('delete from refunds.settings', a)],
];

test('there are 30 tricks', () => expect(tricks.length).toBeGreaterThanOrEqual(30));

test.each(tricks)('%s: refunds nothing', async (_, by, play) => {
  const requested = await askFor(by);
  await play(requested).catch(() => undefined);
  const { rows } = await db.pool.query(
    'select amount_usd, approved_by from refunds.current_decisions where order_id = $1 and amount_usd > 50',
    [requested.orderId],
  );
  expect(rows).toEqual([]);
});

test('a limit that a lead raised counts for everyone else, a lowered one for everyone', async () => {
  await expect(setApprovalLimit(db, ana, { limitUsd: '80.00', reason: 'x' })).rejects.toBeInstanceOf(
    ForbiddenError,
  );
  await setApprovalLimit(db, lou, { limitUsd: '80.00', reason: 'Holidays' });
  expect((await decideRefund(db, lou, ask(await newOrder(), '60.00'))).approval).toBeDefined();
  expect((await decideRefund(db, ana, ask(await newOrder(), '60.00'))).decision).toBeDefined();
  await setApprovalLimit(db, lea, { limitUsd: '10.00', reason: 'Over' });
  for (const person of [ana, lea, lou])
    expect((await decideRefund(db, person, ask(await newOrder(), '10.01'))).approval).toBeDefined();
});

type RequestedApproval = Awaited<ReturnType<typeof askFor>>;

/** A request of $60 on a new order of $100. */
async function askFor(person: Who) {
  const orderId = await newOrder();
  const input = ask(orderId, '60.00');
  const { approval } = await decideRefund(db, person, input);
  if (!approval) throw new Error('it was decided');
  return { orderId, requestId: approval.id, input, person };
}

async function newOrder(): Promise<string> {
  const orderId = `big-${count++}`;
  await addScoredOrder(db.pool, { orderId, totalUsd: '100.00' });
  return orderId;
}

function ask(orderId: string, amountUsd: string) {
  const fixed = { refundClass: 'partial', reason: 'All of it was cold', reasonCode: 'food_quality' } as const;
  return { orderId, recommendationId: undefined, amountUsd, ...fixed, idempotencyKey: `key-${count++}-big` };
}

function resolve(who: Who, { orderId, requestId }: RequestedApproval, outcome: 'rejected' | 'withdrawn') {
  return resolveApproval(db, who, { orderId, requestId, outcome });
}

function insertDecision({ orderId, requestId, person }: RequestedApproval, given: Record<string, unknown>) {
  const row = {
    amount_usd: '60.00',
    decided_by: person.email,
    approved_by: null,
    approval_id: null,
    ...given,
  };
  const approval = row.approval_id === 'request' ? requestId : row.approval_id;
  return db.pool.query(
    `insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by, order_total_usd,
       recommendation_id, source_suggestion, idempotency_key, request_hash, approved_by, approval_id)
     values ($1, $2, 'partial', 'forged', $3, 100, 1, '{}', $4, '', $5, $6)`,
    [orderId, row.amount_usd, row.decided_by, `forged-${count++}`, row.approved_by, approval],
  );
}

function outcomeBySql({ requestId }: RequestedApproval, outcome: string) {
  return db.pool.query(
    'insert into refunds.approval_outcomes (request_id, outcome, person) values ($1, $2, $3)',
    [requestId, outcome, lea.email],
  );
}

async function moveBySql(requested: RequestedApproval) {
  await db.pool.query(`update refunds.cases set status = 'queued' where order_id = $1`, [requested.orderId]);
  return insertDecision(requested, {});
}

async function sql(text: string, requested: RequestedApproval) {
  await db.pool.query(text);
  return insertDecision(requested, {});
}

async function addUser(email: string, role: Role, disabled = false): Promise<void> {
  await db.pool.query(
    `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at, disabled_at)
     values ($1, $1, $1, true, $2, now(), now(), case when $3 then now() end)`,
    [email, role, disabled],
  );
}
