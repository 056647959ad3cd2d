import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { authHandler } from '../auth-handler.ts';
import { browserRequest, signInAs, testRuntime } from '../console.testing.ts';
import { runRoute } from '../guard/guarded-route.ts';
import { getPerson } from '../guard/require-page.ts';
import { createApiToken, listApiTokens, revokeApiToken } from '../people/api-tokens.ts';
import { resetPassword } from '../people/passwords.ts';
import { changePerson, setPersonDisabled } from '../people/people.ts';
import { listSessions, revokeSession } from '../people/sessions.ts';

const admin = { email: 'ada@example.com', role: 'admin' } as const;
let db: TestDatabase;
let runtime: SignInRuntime;
beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
  await signInAs(runtime, 'admin', admin.email);
});
afterEach(() => vi.useRealTimers());
afterAll(() => db.close());

const ok = async () => Response.json({});
const ask = async (headers: Record<string, string>, method = 'GET') => {
  const body = method === 'GET' ? {} : { body: '{}' };
  const given = { 'content-type': 'application/json', ...headers };
  const request = browserRequest('/api/x', { method, headers: given, ...body });
  return (await runRoute(runtime, 'reviewer', ok, request)).status;
};

async function makeToken(name: string): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await createApiToken(db, admin, { name, role: 'reviewer', days: 1 })}` };
}

const revokeBySql = (name: string) =>
  db.pool.query(`update auth.api_tokens set revoked_ts = now(), revoked_by = 'sql' where name = $1`, [name]);

test('a read within a second uses the cached identity, a write never does', async () => {
  const token = await makeToken('often');
  expect(await ask(token)).toBe(200);
  const asked = vi.spyOn(db.pool, 'query');
  expect([await ask(token), await ask(token)]).toEqual([200, 200]);
  expect(asked).not.toHaveBeenCalled();
  expect(await ask(token, 'POST')).toBe(200);
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockRestore();
  await revokeBySql('often');
  expect(await ask(token, 'POST')).toBe(401);
});

test('a change by another process takes effect after a second, however often the identity is read meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const token = await makeToken('elsewhere');
  expect(await ask(token)).toBe(200);
  await revokeBySql('elsewhere');
  for (let ms = 0; ms < 900; ms += 300) {
    vi.advanceTimersByTime(300);
    expect(await ask(token)).toBe(200);
  }
  vi.advanceTimersByTime(100);
  expect(await ask(token)).toBe(401);
});

test('an unknown proof is not cached', async () => {
  const token = await makeToken('again');
  await revokeBySql('again');
  expect(await ask(token)).toBe(401);
  await db.pool.query(`update auth.api_tokens set revoked_ts = null where name = 'again'`);
  expect(await ask(token)).toBe(200);
});

test('a failed lookup is not cached', async () => {
  const token = await makeToken('failed');
  const asked = vi.spyOn(db.pool, 'query').mockImplementationOnce(() => Promise.reject(new Error('gone')));
  expect(await ask(token)).toBe(500);
  asked.mockRestore();
  expect(await ask(token)).toBe(200);
});

const changes: [string, (personId: string, cookie: string, email: string) => Promise<unknown>][] = [
  ['is disabled', (personId) => setPersonDisabled(db, admin, { personId, disabled: true }, systemClock)],
  [
    'gets a lower role',
    (personId) => changePerson(db, admin, { personId, name: 'X', role: 'viewer' }, systemClock),
  ],
  [
    'signs out',
    (_, cookie) =>
      authHandler(
        browserRequest('/api/auth/sign-out', { method: 'POST', headers: { cookie } }),
        () => runtime,
      ),
  ],
  [
    'ends the session',
    async (personId) => {
      const [session] = await listSessions(db, { id: personId });
      await revokeSession(db, { ...admin, id: 'admin' }, { sessionId: session?.id ?? '' });
    },
  ],
  ['gets a new password', (_, __, email) => resetPassword(db, email, new Date())],
];

test.each(changes)('a person who %s is refused with the next read', async (what, change) => {
  const email = `${what.replaceAll(' ', '-')}@example.com`;
  const cookie = await signInAs(runtime, 'reviewer', email);
  const person = await getPerson(new Headers({ cookie }), runtime);
  expect([await ask({ cookie }), await ask({ cookie })]).toEqual([200, 200]);
  await change(person?.id ?? '', cookie, email);
  expect(await ask({ cookie })).toBe(401);
});

test('a revoked token is refused with the next read', async () => {
  const token = await makeToken('revoked');
  expect(await ask(token)).toBe(200);
  const [made] = (await listApiTokens(db, admin)).filter(({ name }) => name === 'revoked');
  await revokeApiToken(db, admin, { tokenId: made?.id ?? '' });
  expect(await ask(token)).toBe(401);
});
