import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { host, origin, signInAs, testRuntime } from '#lib/auth/console.testing.ts';
import { readSourceTree } from '#lib/source-tree.testing.ts';
import { failures, installFailingDatabase, internalDetails } from './forced-failures.testing.ts';

const logged = vi.hoisted(() => [] as string[]);
const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock('#lib/log.ts', async (original) => ({
  ...(await original<object>()),
  createLog: () => pino({}, { write: (line: string) => void logged.push(line) }),
}));
vi.mock('next/headers', () => ({ headers: async () => request.headers }));

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
  request.headers = new Headers({ host, origin, cookie, 'sec-fetch-site': 'same-origin' });
  installFailingDatabase(db, 'session.token = $1', () => failure);
  vi.stubEnv('AUTH_SECRET', 'a-secret-of-the-tests-0123456789abcdef');
  vi.stubEnv('DATABASE_URL', db.url);
});
afterAll(() => db.close());

const order = { orderId: 'order-1' };
const note = { ...order, note: 'Later' };
const taken = { ...order, decisionId: '7', idempotencyKey: 'a-key-of-the-tests' };
const many = { orders: [{ ...order, recommendationId: '1' }], choice: 'deny' };
const decision = { recommendationId: '1', refundClass: 'none', amountUsd: '0', reason: 'Late by nothing' };

/** A valid input for every action, so that its work fails and not its validation. */
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
  decideRefund: { ...order, ...decision, idempotencyKey: 'a-key-of-the-tests', addressOrderId: 'order-1' },
  claimNext: {},
  previewMany: many,
  decideMany: { ...many, reason: 'None was late', idempotencyKey: 'a-key-of-the-tests' },
  listViews: {},
  saveView: { name: 'Mine', search: '' },
  deleteView: { viewId: '1' },
  endSession: { sessionId: 'x' },
  changePassword: { current: 'correct-horse-battery', next: 'another-horse-battery' },
  setLimit: { limitUsd: '900', reason: 'A trial' },
  invite: { email: 'new@example.com', name: 'New', role: 'viewer' },
  updatePerson: { personId: 'x', name: 'New', role: 'viewer' },
  setDisabled: { personId: 'x', disabled: true },
  createToken: { name: 'robot', role: 'viewer', days: 1 },
  revokeToken: { tokenId: '1' },
  check: { text: '{}' },
  replay: { id: 1, text: '{}' },
  drop: { id: 1 },
  previewReplay: { rule: 'bad_price' },
  replayRule: { rule: 'bad_price' },
  dropRule: { rule: 'bad_price' },
};
const actions = Object.values(modules).flatMap((module) => Object.entries(module));
/** Reads a text and nothing else. */
const withoutDatabase = ['check'];

test('the list of server actions is complete', () => {
  const files = readSourceTree().filter(
    ({ path, text, isTest }) => path.startsWith('app/') && !isTest && text.includes(`'use server'`),
  );
  const written = files.flatMap(({ text }) =>
    [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name),
  );
  expect(actions.map(([name]) => name).toSorted()).toEqual(written.toSorted());
  expect(Object.keys(inputs).toSorted()).toEqual(written.toSorted());
});

test.each(
  actions
    .filter(([name]) => !withoutDatabase.includes(name))
    .flatMap(([name, action]) =>
      failures.map(({ what, code, error }) => [name, what, code, error, action] as const),
    ),
)('%s reveals nothing of %s but its request id', async (name, _, code, error, action) => {
  failure = error;
  const result = await action(inputs[name]);
  expect(result).toEqual({
    ok: false,
    error: { code, message: expect.any(String), requestId: expect.any(String) },
  });
  expect(JSON.stringify(result)).not.toMatch(internalDetails);
  const requestId = String(result.error?.requestId);
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  const lines = logged.filter((line) => line.includes(requestId));
  expect(lines).toHaveLength(1);
  if (code === 'internal') expect(lines[0]).toContain('hunter2');
});
