import { randomUUID } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { drizzle } from 'drizzle-orm/node-postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { hashSessionToken } from '../identity/session.ts';
import { createAccount } from '../people/accounts.ts';
import { hashSessionTokens } from './hash-session-tokens.ts';
import { account, session, user, verification } from './tables.ts';

const first = 'the-first-token-0123456789abcdef';
const second = 'the-second-token-0123456789abcde';
let db: TestDatabase;
let userId: string;
let adapter: DBAdapter;

const createDrizzleAdapter = () =>
  drizzleAdapter(drizzle({ client: db.pool }), {
    provider: 'pg',
    schema: { user, session, account, verification },
    transaction: true,
  });

beforeAll(async () => {
  db = await createTestDatabase();
  const person = { email: 'ana@example.com', name: 'Ana', role: 'viewer', password: 'x' } as const;
  await createAccount(db.pool, person, new Date());
  userId = (await db.pool.query('select id from auth."user"')).rows[0].id;
  adapter = hashSessionTokens(createDrizzleAdapter())({});
});
beforeEach(async () => {
  await db.pool.query('delete from auth.session');
  await create(adapter, first);
});
afterAll(() => db.close());

const is = (token: string) => [{ field: 'token', value: token }];
const model = 'session';

function create(on: DBTransactionAdapter, token: string) {
  const now = new Date();
  const expiresAt = new Date(now.getTime() + 60_000);
  return on.create({ model, data: { userId, token, expiresAt, createdAt: now, updatedAt: now } });
}

/** Each method with a token wherever it takes one: what it must return, and the tokens of the sessions left. */
const calls: Record<string, [(on: DBTransactionAdapter) => Promise<unknown>, unknown, string[]]> = {
  create: [(on) => create(on, second), expect.objectContaining({ token: second }), [first, second]],
  findOne: [
    (on) => on.findOne({ model, where: is(first) }),
    expect.objectContaining({ token: first }),
    [first],
  ],
  findMany: [
    (on) => on.findMany({ model, where: [{ field: 'token', operator: 'in', value: [first, second] }] }),
    [expect.objectContaining({ token: first })],
    [first],
  ],
  count: [(on) => on.count({ model, where: is(first) }), 1, [first]],
  update: [
    (on) => on.update({ model, where: is(first), update: { token: second } }),
    expect.objectContaining({ token: second }),
    [second],
  ],
  updateMany: [(on) => on.updateMany({ model, where: is(first), update: { token: second } }), 1, [second]],
  delete: [(on) => on.delete({ model, where: is(first) }), undefined, []],
  deleteMany: [(on) => on.deleteMany({ model, where: is(first) }), 1, []],
  consumeOne: [
    (on) => on.consumeOne({ model, where: is(first) }),
    expect.objectContaining({ token: first }),
    [],
  ],
  incrementOne: [
    (on) => on.incrementOne({ model, where: is(first), increment: {}, set: { token: second } }),
    expect.objectContaining({ token: second }),
    [second],
  ],
};

test('these are all methods that the installed library has', () => {
  const methodsOf = (of: object) =>
    Object.entries(of).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  const others = ['transaction', 'createSchema'];
  const known = [...Object.keys(calls), ...others].sort();
  expect(methodsOf(createDrizzleAdapter()({})).filter((name) => !known.includes(name))).toEqual([]);
  expect(methodsOf(adapter).filter((name) => !known.includes(name))).toEqual([]);
});

const variants = Object.entries(calls).flatMap(([name, call]) =>
  [false, true].map((inTransaction) => [name, inTransaction ? 'in a transaction' : 'alone', call] as const),
);

test.each(variants)('%s %s stores and finds hashes, and returns tokens', async (_, where, call) => {
  const [run, expected, left] = call;
  const result = where === 'alone' ? await run(adapter) : await adapter.transaction(run);
  expect(result).toEqual(expected);
  const { rows } = await db.pool.query<{ token: string }>('select token from auth.session');
  expect(rows.map(({ token }) => token).sort()).toEqual(left.map(hashSessionToken).sort());
});

test('a token that is looked up as its stored hash is not found', async () => {
  expect(await adapter.findOne({ model, where: is(hashSessionToken(first)) })).toBeNull();
});

test('other tables and other fields stay as they are', async () => {
  const now = new Date();
  const data = { identifier: 'x', value: first, expiresAt: now, createdAt: now, updatedAt: now };
  await adapter.create({ model: 'verification', data });
  expect(await adapter.findOne({ model: 'verification', where: [{ field: 'value', value: first }] })).toEqual(
    expect.objectContaining({ value: first }),
  );
  const id = randomUUID();
  await adapter.updateMany({ model, where: is(first), update: { userAgent: id } });
  expect(await adapter.findOne({ model, where: is(first) })).toMatchObject({ userAgent: id, token: first });
});
