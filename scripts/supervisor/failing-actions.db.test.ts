import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { host, origin, signInAs, testRuntime } from '#lib/auth/console.testing.ts';
import { OperatorError } from '#lib/errors.ts';
import { readSourceTree } from '#lib/source-tree.testing.ts';

const logged = vi.hoisted(() => [] as string[]);
const given = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock('#lib/log.ts', async (original) => ({
  ...(await original<object>()),
  createLog: () => pino({}, { write: (line: string) => void logged.push(line) }),
}));
vi.mock('next/headers', () => ({ headers: async () => given.headers }));

type Action = (input: unknown) => Promise<{ ok: boolean; error?: Record<string, unknown> }>;
const modules = import.meta.glob<Record<string, Action>>(
  ['/app/**/*-action.ts', '/app/**/*-actions.ts', '!/app/_data/**'],
  { eager: true },
);

let db: TestDatabase;
let failure: Error;
beforeAll(async () => {
  db = await createTestDatabase();
  const cookie = await signInAs(testRuntime(db), 'admin');
  given.headers = new Headers({ host, origin, cookie, 'sec-fetch-site': 'same-origin' });
  const pool = failing(db.pool);
  (globalThis as { caspersDatabase?: unknown }).caspersDatabase = {
    ...db,
    pool,
    orm: drizzle({ client: pool }),
  };
  vi.stubEnv('AUTH_SECRET', 'a-secret-of-the-tests-0123456789abcdef');
  vi.stubEnv('DATABASE_URL', db.url);
});
afterAll(() => db.close());

/** A pool that knows who asks and fails at everything else. */
function failing(pool: Pool): Pool {
  const query = (asked: string | { text: string }, values?: unknown[]) => {
    const text = typeof asked === 'string' ? asked : asked.text;
    return text.includes('session.token = $1')
      ? pool.query(asked as string, values)
      : Promise.reject(failure);
  };
  return { query, connect: () => Promise.reject(failure) } as unknown as Pool;
}

const order = { orderId: 'order-1' };
const note = { ...order, note: 'Later' };
const taken = { ...order, decisionId: '7', idempotencyKey: 'a-key-of-the-tests' };
const many = { orders: [{ ...order, recommendationId: '1' }], choice: 'deny' };
const decision = { recommendationId: '1', refundClass: 'none', amountUsd: '0', reason: 'Late by nothing' };

/** For every action an input that holds, so that what fails is what it does. */
const inputs: Record<string, unknown> = {
  claim: order,
  release: order,
  snooze: { ...note, minutes: 60 },
  escalate: note,
  undo: taken,
  reverse: { ...taken, reason: 'A mistake' },
  resolve: { ...order, requestId: '1', outcome: 'approved' },
  rescore: note,
  watch: order,
  decideRefund: { ...order, ...decision, idempotencyKey: 'a-key-of-the-tests' },
  claimNext: '',
  previewMany: many,
  decideMany: { ...many, reason: 'None was late', idempotencyKey: 'a-key-of-the-tests' },
  listViews: {},
  saveView: { name: 'Mine', search: '' },
  deleteView: { viewId: '1' },
  endSession: { sessionId: 'x' },
  changePassword: { current: 'correct-horse-battery', next: 'another-horse-battery' },
  setLimit: { limitUsd: '900', reason: 'A trial' },
  invite: { email: 'new@example.com', name: 'New', role: 'viewer' },
  change: { personId: 'x', name: 'New', role: 'viewer' },
  disable: { personId: 'x', disabled: true },
  createToken: { name: 'robot', role: 'viewer', days: 1 },
  revokeToken: { tokenId: '1' },
};
const actions = Object.values(modules).flatMap((module) => Object.entries(module));

test('these are all server actions that there are', () => {
  const files = readSourceTree().filter(
    ({ path, text, isTest }) => path.startsWith('app/') && !isTest && text.includes(`'use server'`),
  );
  const written = files.flatMap(({ text }) =>
    [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name),
  );
  expect(actions.map(([name]) => name).toSorted()).toEqual(written.toSorted());
  expect(Object.keys(inputs).toSorted()).toEqual(written.toSorted());
});

const failures: [string, string, Error][] = [
  [
    'wrong SQL',
    'internal',
    asDatabase('42601', 'syntax error at or near "hunter2" in refunds.refund_decisions'),
  ],
  ['a missing privilege', 'internal', asDatabase('42501', 'permission denied for hunter2, PostgreSQL 15.18')],
  ['a defect', 'internal', new TypeError("Cannot read properties of undefined (reading 'hunter2')")],
  [
    'a message for operators',
    'internal',
    new OperatorError('postgres://caspers:hunter2@10.0.0.5/x is wrong'),
  ],
  ['no database', 'busy', asDatabase('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.5:5432 hunter2')],
];

function asDatabase(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, schema: 'hunter2', routine: 'parserOpenTable' });
}

const internal =
  /hunter2|refund_decisions|10\.0\.0\.5|postgres|\bselect\b|\b42[56]01\b|parserOpenTable|node_modules|\.ts\b|\/(tmp|home|root|srv|work)\/|\bat .+:\d+|TypeError|OperatorError/i;

test.each(
  actions.flatMap(([name, action]) =>
    failures.map(([what, code, error]) => [name, what, code, error, action] as const),
  ),
)('%s says nothing of %s but its request id', async (name, _, code, error, action) => {
  failure = error;
  const result = await action(inputs[name]);
  expect(result).toEqual({
    ok: false,
    error: { code, message: expect.any(String), requestId: expect.any(String) },
  });
  expect(JSON.stringify(result)).not.toMatch(internal);
  const requestId = String(result.error?.requestId);
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  const lines = logged.filter((line) => line.includes(requestId));
  expect(lines).toHaveLength(1);
  if (code === 'internal') expect(lines[0]).toContain('hunter2');
});
