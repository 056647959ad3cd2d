import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import type { Person } from '#lib/contract/person.ts';
import { changePasswordSchema } from '#lib/contract/person.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { postSignIn, signInAs, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { changePassword } from './passwords.ts';

let db: TestDatabase;
let runtime: SignInRuntime;
beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
});
afterAll(() => db.close());

const first = 'correct-horse-battery';
const second = 'another-horse-battery';
const personOf = (cookie: string) => getPerson(new Headers({ cookie }), runtime);

test('the new password works, the old one and all open sessions do not, and it is audited', async () => {
  const cookie = await signInAs(runtime, 'reviewer', 'ana@example.com');
  const ana = (await personOf(cookie)) as Person;
  await changePassword(db, ana, { current: first, next: second }, systemClock);
  expect(await personOf(cookie)).toBeUndefined();
  expect((await postSignIn(runtime, ana.email, first)).status).toBe(401);
  expect((await postSignIn(runtime, ana.email, second)).status).toBe(200);
  const { rows } = await db.pool.query(
    `select actor, detail::text from auth.audit_log where action = 'password_changed'`,
  );
  expect(rows).toEqual([{ actor: ana.email, detail: '{}' }]);
});

test('without the current password nothing changes, and guessing it is limited to five attempts', async () => {
  const cookie = await signInAs(runtime, 'lead', 'lea@example.com');
  const lea = (await personOf(cookie)) as Person;
  const guess = () => changePassword(db, lea, { current: 'a guess', next: second }, systemClock);
  for (let n = 0; n < 5; n++) await expect(guess()).rejects.toMatchObject({ field: 'current' });
  await expect(changePassword(db, lea, { current: first, next: second }, systemClock)).rejects.toMatchObject({
    code: 'too_many_requests',
  });
  expect(await personOf(cookie)).toEqual(lea);
  expect((await postSignIn(runtime, lea.email, first)).status).toBe(200);
});

test('a program has no password to change', async () => {
  const robot = { id: 'token:1', email: 'token:robot', role: 'reviewer' } as const;
  await expect(changePassword(db, robot, { current: '', next: second }, systemClock)).rejects.toMatchObject({
    field: 'current',
  });
});

test.each([
  ['a short one', { current: first, next: 'short' }],
  ['the same one', { current: first, next: first }],
  ['one for another person', { current: first, next: second, personId: 'x' }],
])('%s is refused', (_, input) => {
  expect(changePasswordSchema.safeParse(input).success).toBe(false);
});
