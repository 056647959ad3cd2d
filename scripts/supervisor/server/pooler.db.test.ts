import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { findMissingPooler, type Pooler, startPooler } from '#db/pooler.testing.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { signInAs, testRuntime } from '#lib/auth/console.testing.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import { parseEnvironment } from '#lib/env.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { seedQueue } from '#verification/setup/seed-queue.ts';
import { startApi } from '#verification/setup/start-process.ts';
import { checkPooler } from '../../doctor/check-pooler.ts';

const missing = findMissingPooler();
if (missing) process.stderr.write(`The tests of a pooler are skipped: ${missing}.\n`);
const ORDERS = 60;

let db: TestDatabase;
let pooler: Pooler;
beforeAll(async () => {
  if (missing) return;
  db = await createTestDatabase();
  await seedQueue(db, ORDERS);
  pooler = await startPooler({ url: db.url, mode: 'transaction', size: 3 });
});
afterAll(async () => {
  await pooler?.stop();
  await db?.close();
});

test.skipIf(missing)('the console reads and decides through a pooler in transaction mode', async () => {
  const admin = { email: 'ada@example.com', role: 'admin' } as const;
  const token = await createApiToken(db, admin, { name: 'pooled', role: 'reviewer', days: 1 });
  const api = await startApi(pooler.url, await temporaryDirectory(), { DIRECT_DATABASE_URL: db.url });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${api.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const decide = async (n: number) => {
    const order = `order-${String(n).padStart(8, '0')}`;
    const body = {
      order_id: order,
      refund_class: 'partial',
      amount_usd: 1,
      reason: 'late',
      reason_code: 'other',
    };
    const headers = { 'content-type': 'application/json', 'idempotency-key': `pooled-${n}` };
    const [page, decided, summary] = await Promise.all([
      ask('/api/recommendations?limit=20'),
      ask('/api/refunds', { method: 'POST', headers, body: JSON.stringify(body) }),
      ask('/api/summary'),
    ]);
    const repeated = await ask('/api/refunds', { method: 'POST', headers, body: JSON.stringify(body) });
    return [page.status, decided.status, summary.status, repeated.status];
  };
  try {
    const all = await Promise.all(Array.from({ length: ORDERS }, (_, n) => decide(n + 1)));
    expect(all.filter((codes) => codes.join() !== '200,201,200,200')).toEqual([]);
  } finally {
    await api.stop();
  }
  const { rows } = await db.pool.query('select count(*)::integer as n from refunds.refund_decisions');
  expect(rows).toEqual([{ n: ORDERS }]);
});

test.skipIf(missing)('people sign in through it', async () => {
  const pooled = connect({
    url: pooler.url,
    directUrl: db.url,
    applicationName: 'test',
    role: 'caspers_console',
  });
  try {
    expect(await signInAs(testRuntime(pooled), 'lead', 'lea@example.com')).toContain('session');
  } finally {
    await pooled.close();
  }
});

test.skipIf(missing)('doctor says what the addresses lead to', async () => {
  const find = async (source: Record<string, string>) => (await checkPooler(parseEnvironment(source)))[0];
  const other = new URL(db.url);
  other.pathname = '/postgres';
  const addresses = [
    [{ DATABASE_URL: db.url }, 'ok', 'the server itself'],
    [{ DATABASE_URL: pooler.url }, 'fail', 'a pooler in transaction mode. Set DIRECT_DATABASE_URL'],
    [
      { DATABASE_URL: pooler.url, DIRECT_DATABASE_URL: db.url },
      'ok',
      'what needs sessions uses DIRECT_DATABASE_URL',
    ],
    [{ DATABASE_URL: pooler.url, DIRECT_DATABASE_URL: pooler.url }, 'fail', 'in transaction mode, too'],
    [{ DATABASE_URL: pooler.url, DIRECT_DATABASE_URL: other.href }, 'fail', 'lead to different databases'],
  ] as const;
  for (const [source, level, detail] of addresses)
    expect(await find(source)).toMatchObject({ level, detail: expect.stringContaining(detail) });
});
