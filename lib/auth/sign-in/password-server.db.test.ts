import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { authHandler } from '../auth-handler.ts';
import { browserRequest, cookieOf, postSignIn, signInAs, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { createAccount } from '../people/accounts.ts';

let db: TestDatabase;
let runtime: SignInRuntime;
beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
});
afterAll(() => db.close());

test('the cookie is hidden from scripts and other sites, and lasts twelve hours at most', async () => {
  await signInAs(runtime, 'viewer', 'cookie@example.com');
  const [cookie] = (
    await postSignIn(runtime, 'cookie@example.com', 'correct-horse-battery')
  ).headers.getSetCookie();
  expect(cookie).toMatch(/^caspers\.session_token=.+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
  const { rows } = await db.pool.query(
    'select distinct extract(epoch from expires_at - created_at)::integer as seconds from auth.session',
  );
  expect(rows).toEqual([{ seconds: 43_200 }]);
});

test('behind https the cookie is sent over https only', async () => {
  const publicUrl = 'https://refunds.example.com';
  const secure = testRuntime(db, { publicUrl });
  const response = await secure.passwordServer.handler(
    new Request(`${publicUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl },
      body: JSON.stringify({ email: 'cookie@example.com', password: 'correct-horse-battery' }),
    }),
  );
  expect(response.headers.getSetCookie()[0]).toMatch(/^__Secure-caspers\.session_token=.+; Secure;/);
});

test('a forged, expired or ended session is not valid', async () => {
  const cookie = await signInAs(runtime, 'reviewer', 'ended@example.com');
  expect(await getPerson(new Headers({ cookie }), runtime)).toMatchObject({ email: 'ended@example.com' });
  const forged = cookie.replace(
    /session_token=(.)/,
    (_, first) => `session_token=${first === 'A' ? 'B' : 'A'}`,
  );
  expect(await getPerson(new Headers({ cookie: forged }), runtime)).toBeUndefined();
  expect(await getPerson(new Headers(), runtime)).toBeUndefined();

  const signOut = browserRequest('/api/auth/sign-out', { method: 'POST', headers: { cookie } });
  expect((await authHandler(signOut, () => runtime)).status).toBe(200);
  expect(await getPerson(new Headers({ cookie }), runtime)).toBeUndefined();

  const other = cookieOf(await postSignIn(runtime, 'ended@example.com', 'correct-horse-battery'));
  await db.pool.query(`update auth.session set expires_at = now() - interval '1 second'`);
  expect(await getPerson(new Headers({ cookie: other }), runtime)).toBeUndefined();
});

test('a lowered role takes effect at once', async () => {
  const cookie = await signInAs(runtime, 'lead', 'lowered@example.com');
  await db.pool.query(`update auth."user" set role = 'viewer' where email = 'lowered@example.com'`);
  expect(await getPerson(new Headers({ cookie }), runtime)).toMatchObject({ role: 'viewer' });
});

test('five attempts a minute for each account; a success resets the count', async () => {
  let now = new Date('2026-01-02T12:00:00Z');
  const limited = testRuntime(db, { clock: { now: () => now } });
  const email = 'tried@example.com';
  await createAccount(
    db.pool,
    { email, name: 'Tried', role: 'viewer', password: 'correct-horse-battery' },
    now,
  );
  const attempts = (password: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => (await postSignIn(limited, email, password)).status),
    );
  expect((await attempts('wrong-wrong-wrong', 8)).toSorted()).toEqual([
    401, 401, 401, 401, 401, 429, 429, 429,
  ]);
  const refused = await postSignIn(limited, email, 'correct-horse-battery');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBe(60);
  now = new Date('2026-01-02T12:01:00Z');
  expect(await attempts('wrong-wrong-wrong', 4)).toEqual([401, 401, 401, 401]);
  expect(await attempts('correct-horse-battery', 1)).toEqual([200]);
  expect(await attempts('wrong-wrong-wrong', 5)).toEqual([401, 401, 401, 401, 401]);
});

test('a stranger who keeps trying does not lock out a browser that has signed in before', async () => {
  const limited = testRuntime(db, { clock: { now: () => new Date('2026-01-02T13:00:00Z') } });
  const email = 'besieged@example.com';
  const known = await signInAs(limited, 'viewer', email);
  const attempt = (password: string, headers: Record<string, string>) =>
    limited.passwordServer.handler(
      browserRequest('/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ email, password }),
      }),
    );
  const attempts = await Promise.all(
    Array.from({ length: 80 }, (_, n) => attempt('wrong-wrong-wrong', { 'x-caspers-peer': `10.0.0.${n}` })),
  );
  // The sign-in above was one of the 60, because its browser was not known yet.
  expect(attempts.filter(({ status }) => status === 401)).toHaveLength(59);
  const fresh = await attempt('correct-horse-battery', { 'x-caspers-peer': '10.9.9.9' });
  expect(fresh.status).toBe(429);
  const device = known.split('; ').find((cookie) => cookie.startsWith('caspers.device')) ?? '';
  expect((await attempt('correct-horse-battery', { cookie: device })).status).toBe(200);
  const other = await attempt('correct-horse-battery', { cookie: device.replace(/=./, '=_') });
  expect(other.status).toBe(429);
});

test('an unknown address gets the same answer as a wrong password', async () => {
  const known = await postSignIn(runtime, 'cookie@example.com', 'wrong-wrong-wrong');
  const unknown = await postSignIn(runtime, 'unknown@example.com', 'wrong-wrong-wrong');
  expect(unknown.status).toBe(known.status);
  expect(await unknown.text()).toBe(await known.text());
});

test.each([
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['no site at all', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
])('a sign-in from %s is refused', async (_, headers) => {
  const request = browserRequest('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email: 'cookie@example.com', password: 'correct-horse-battery' }),
  });
  expect((await authHandler(request, () => runtime)).status).toBe(403);
});

test.each([
  ['POST', 'sign-up/email'],
  ['POST', 'update-user'],
  ['POST', 'change-password'],
  ['POST', 'request-password-reset'],
  ['GET', 'list-sessions'],
  ['GET', 'error'],
])('%s /api/auth/%s does not exist', async (method, path) => {
  const cookie = await signInAs(runtime, 'admin', `${path.replace('/', '-')}@example.com`);
  const body = method === 'POST' ? JSON.stringify({ role: 'admin', name: 'x' }) : undefined;
  const headers = { cookie, 'content-type': 'application/json' };
  const request = browserRequest(`/api/auth/${path}`, { method, body, headers });
  expect((await authHandler(request, () => runtime)).status).toBe(404);
});

test('an oversized sign-in request is refused without reading it whole', async () => {
  const request = browserRequest('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'cookie@example.com', password: 'x'.repeat(100_000) }),
  });
  const response = await authHandler(request, () => runtime);
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: 'payload_too_large' });
});
