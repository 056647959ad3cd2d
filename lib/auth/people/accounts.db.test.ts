import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { NotFoundError } from '#lib/errors.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { cookieOf, postSignIn, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { ensureAccounts } from './accounts.ts';
import { resetPassword } from './passwords.ts';

let db: TestDatabase;
let runtime: SignInRuntime;
const now = new Date('2026-01-02T12:00:00Z');
beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
});
afterAll(() => db.close());

test('of concurrent starts the first creates the accounts, and only hashes of their passwords are stored', async () => {
  const starts = await Promise.all(Array.from({ length: 5 }, () => ensureAccounts(db, now)));
  const made = starts.flat();
  expect(made.map(({ email, role }) => [email, role])).toEqual([
    ['reviewer@caspers.local', 'reviewer'],
    ['lead@caspers.local', 'lead'],
    ['engineer@caspers.local', 'engineer'],
    ['admin@caspers.local', 'admin'],
  ]);
  expect(await ensureAccounts(db, now)).toEqual([]);
  const { rows } = await db.pool.query(
    `select row_to_json(u)::text || row_to_json(a)::text as stored from auth."user" u join auth.account a on a.user_id = u.id`,
  );
  for (const { email, password, role } of made) {
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(JSON.stringify(rows)).not.toContain(password);
    const cookie = cookieOf(await postSignIn(runtime, email, password));
    expect(await getPerson(new Headers({ cookie }), runtime)).toMatchObject({ email, role });
  }
});

test('a new password replaces the old one and ends its sessions', async () => {
  const email = 'reviewer@caspers.local';
  const first = await resetPassword(db, email, now);
  const cookie = cookieOf(await postSignIn(runtime, email, first));
  const second = await resetPassword(db, email.toUpperCase(), now);
  expect(await getPerson(new Headers({ cookie }), runtime)).toBeUndefined();
  expect((await postSignIn(runtime, email, first)).status).toBe(401);
  expect((await postSignIn(runtime, email, second)).status).toBe(200);
  await expect(resetPassword(db, 'unknown@example.com', now)).rejects.toBeInstanceOf(NotFoundError);
});
