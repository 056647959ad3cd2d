import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { browserRequest, postSignIn, signInAs, testRuntime } from '../console.testing.ts';
import { runRoute } from '../guard/guarded-route.ts';
import { verifyAudit } from './verify-audit.ts';
import { appendAudit } from './write-audit.ts';

const ROWS = 10_000;
const COLUMNS = ['ts', 'actor', 'action', 'subject', 'detail', 'request_id', 'hash', 'prev_hash'] as const;
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `select auth.append_audit('ana@example.com', 'decision', 'order-' || n, jsonb_build_object('amount_usd', n, 'reason', 'x'))
     from generate_series(1, ${ROWS}) as n`,
  );
  await byOwner('create table public.copy_of_audit as select * from auth.audit_log');
});
beforeEach(async () => {
  await byOwner('truncate auth.audit_log; insert into auth.audit_log select * from public.copy_of_audit');
});
afterAll(() => db.close());

test('an unaltered audit log passes', async () => {
  const report = await verifyAudit(db);
  expect(report).toMatchObject({ rows: ROWS + (await others()), broken: 0, findings: [] });
  expect(await verifyAudit(db, { anchor: report.head ?? undefined })).toMatchObject({ broken: 0 });
});

test('10,000 altered rows give 10,000 findings, whichever column was altered', async () => {
  const changes = COLUMNS.map(
    (column, n) =>
      `${column} = case when seq % ${COLUMNS.length} = ${n} then ${altered[column]} else ${column} end`,
  );
  await byOwner(`update auth.audit_log set ${changes.join(', ')} where action = 'decision'`);
  const report = await verifyAudit(db, { limit: ROWS });
  const found = new Set(report.findings.map(({ seq }) => seq));
  const { rows } = await db.pool.query<{ seq: number }>(
    `select seq::integer from public.copy_of_audit where action = 'decision'`,
  );
  expect(rows).toHaveLength(ROWS);
  expect(rows.filter(({ seq }) => !found.has(seq))).toEqual([]);
});

test.each(COLUMNS)('one altered %s is found as the first broken row', async (column) => {
  for (const seq of [2, 777, ROWS]) {
    await byOwner(`update auth.audit_log set ${column} = ${altered[column]} where seq = ${seq}`);
    expect((await verifyAudit(db)).findings[0]).toMatchObject({ seq });
    await byOwner(`truncate auth.audit_log; insert into auth.audit_log select * from public.copy_of_audit`);
  }
});

test('missing, swapped and forged rows are found', async () => {
  await byOwner('delete from auth.audit_log where seq = 500');
  expect((await verifyAudit(db)).findings).toEqual([{ seq: 501, problem: 'rows before it are missing' }]);
  await byOwner(`insert into auth.audit_log select 500, ts, actor, action, subject, detail, request_id, prev_hash, hash
    from public.copy_of_audit where seq = 499`);
  expect((await verifyAudit(db)).findings[0]).toMatchObject({ seq: 500 });
});

test('a chain that was recomputed from a row on, or cut at its end, does not match the anchor', async () => {
  const { head } = await verifyAudit(db);
  if (!head) throw new Error('no head');
  await byOwner(`
    update auth.audit_log set detail = '{"amount_usd": 1}' where seq = ${head.seq};
    update auth.audit_log as entry set hash = auth.audit_hash(entry) where seq = ${head.seq}`);
  expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
  expect((await verifyAudit(db, { anchor: head })).findings).toEqual([
    { seq: head.seq, problem: 'it is not the row that was seen before' },
  ]);
  await byOwner(`delete from auth.audit_log where seq > ${head.seq - 10}`);
  expect((await verifyAudit(db, { anchor: head })).findings).toEqual([
    { seq: head.seq, problem: 'it was seen before and is gone' },
  ]);
});

test.each([
  'update auth.audit_log set actor = $$x$$',
  'delete from auth.audit_log',
  'truncate auth.audit_log',
])('the database refuses %s', async (statement) => {
  await expect(db.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('concurrent entries form one chain', async () => {
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => appendAudit(db.pool, { actor: `p${n}`, action: 'export' })),
  );
  expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
});

test('sign-ins, failures and denials are audited with their actor and request', async () => {
  const runtime = testRuntime(db);
  const cookie = await signInAs(runtime, 'viewer', 'audited@example.com');
  await postSignIn(runtime, 'audited@example.com', 'wrong-wrong-wrong');
  const denied = await runRoute(
    runtime,
    'lead',
    async () => Response.json({}),
    browserRequest('/api/secret', { headers: { cookie } }),
  );
  const { rows } = await db.pool.query(
    `select actor, action, subject, detail ->> 'request' as request from auth.audit_log
     where action in ('person_added', 'sign_in', 'sign_in_failed', 'denied') order by seq desc limit 4`,
  );
  expect(rows.toReversed()).toEqual([
    expect.objectContaining({ actor: 'system', action: 'person_added', subject: 'audited@example.com' }),
    expect.objectContaining({ actor: 'audited@example.com', action: 'sign_in' }),
    expect.objectContaining({ actor: 'anonymous', action: 'sign_in_failed' }),
    {
      actor: 'audited@example.com',
      action: 'denied',
      subject: 'GET /api/secret',
      request: denied.headers.get('x-request-id'),
    },
  ]);
});

const altered: Record<(typeof COLUMNS)[number], string> = {
  ts: `ts + interval '1 microsecond'`,
  actor: `actor || 'x'`,
  action: `'undo'`,
  subject: `'order-0'`,
  detail: `detail || '{"amount_usd": 0.01}'`,
  request_id: `'forged'`,
  hash: `sha256(hash)`,
  prev_hash: `sha256(prev_hash)`,
};

/** Runs a statement as only the owner of the database can, past every trigger. */
async function byOwner(statement: string): Promise<void> {
  const connection = await db.pool.connect();
  await connection.query('set session_replication_role = replica');
  await connection.query(statement);
  await connection.query('set session_replication_role = origin');
  connection.release();
}

async function others(): Promise<number> {
  const { rows } = await db.pool.query(
    `select count(*)::integer as n from auth.audit_log where action <> 'decision'`,
  );
  return rows[0]?.n;
}
