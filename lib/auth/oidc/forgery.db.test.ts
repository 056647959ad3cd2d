import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { testRuntime } from '../console.testing.ts';
import { browse, expectFailed, openOidcConsole, password, publicUrl } from './console.testing.ts';
import { type Forgery, openTestProvider } from './provider.testing.ts';

const logged: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });

let db: TestDatabase;
let console: Awaited<ReturnType<typeof openOidcConsole>>;
let email: string;
let count = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  console = await openOidcConsole(db, log);
});
beforeEach(async () => {
  email = await console.welcome(++count);
});
afterAll(async () => {
  await console.provider.close();
  await db.close();
});

const forgeries: [string, Forgery][] = [
  ['another nonce', { claims: (genuine) => ({ ...genuine, nonce: 'another' }) }],
  ['no nonce', { claims: ({ nonce: _, ...genuine }) => genuine }],
  ['another issuer', { claims: (genuine) => ({ ...genuine, iss: 'https://elsewhere.example' }) }],
  ['another audience', { claims: (genuine) => ({ ...genuine, aud: 'another-client' }) }],
  ['an expired identity', { claims: (genuine) => ({ ...genuine, exp: (genuine.iat ?? 0) - 3600 }) }],
  ['no expiry', { claims: ({ exp: _, ...genuine }) => genuine }],
  ['no subject', { claims: ({ sub: _, ...genuine }) => genuine }],
  ['the subject of another person', { claims: (genuine) => ({ ...genuine, sub: 'another-person' }) }],
  ['the signature of another key', { withOtherKey: true }],
  ['no identity at all', { drop: true }],
];
test.each(forgeries)('a provider answer with %s is refused', async (_, forgery) => {
  console.provider.forgery = forgery;
  expectFailed((await console.signIn()).answer, 'failed');
  console.provider.forgery = { claims: (genuine) => genuine };
  expect(await console.personOf((await console.signIn()).answer)).toMatchObject({ email });
});

test.each([
  ['forged', (back: URL) => back.searchParams.set('state', 'x'.repeat(32)), 'expired'],
  ['missing', (back: URL) => back.searchParams.delete('state'), 'expired'],
  ['used with a forged code', (back: URL) => back.searchParams.set('code', 'x'), 'failed'],
  ['of another issuer', (back: URL) => back.searchParams.set('iss', 'https://elsewhere.example'), 'failed'],
])('a callback whose state is %s is refused', async (_, change, failed) => {
  const { cookie, back } = await console.begin();
  change(back);
  const answer = await console.call(`${back.pathname}${back.search}`, { headers: { cookie } });
  expectFailed(answer, failed);
});

test('a callback of another browser is refused', async () => {
  const mine = await console.begin();
  const others = await console.begin();
  const path = `${mine.back.pathname}${mine.back.search}`;
  expectFailed(await console.call(path, { headers: { cookie: others.cookie } }), 'expired');
  expectFailed(await console.call(path), 'expired');
});

test('a callback can be used once', async () => {
  const { cookie, back } = await console.begin();
  const path = `${back.pathname}${back.search}`;
  expect(await console.personOf(await console.call(path, { headers: { cookie } }))).toMatchObject({ email });
  expectFailed(await console.call(path, { headers: { cookie } }), 'failed');
});

test('a cancelled sign-in says so, without the words of the provider', async () => {
  console.provider.person = undefined;
  const { answer } = await console.signIn();
  expectFailed(answer, 'cancelled');
  expect(answer.headers.get('location')).not.toContain('rather');
});

test.each([
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/api/summary',
  '/sign-in',
])('signing in never leads to %s', async (next) => {
  expect((await console.signIn(next)).answer.headers.get('location')).toBe('/refunds');
});

test.each([
  ['a callback URL', { next: '/', callbackURL: 'https://evil.example' }, 422],
  ['an identity', { next: '/', idToken: { token: 'x.y.z' } }, 422],
  ['scopes', { next: '/', scopes: ['offline_access'] }, 422],
  ['nothing', {}, 422],
])('a client does not choose %s', async (_, body, status) => {
  expect((await console.begins(body)).status).toBe(status);
});

test('another site cannot start a sign-in, and the library’s own endpoints do not exist', async () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect((await console.begins({ next: '/' }, foreign)).status).toBe(403);
  const body = JSON.stringify({ provider: 'oidc', callbackURL: '/' });
  expect((await console.call('/api/auth/sign-in/social', { method: 'POST', body })).status).toBe(404);
  expect((await console.call('/api/auth/callback/google?code=1&state=2')).status).toBe(404);
  const bare = browse(testRuntime(db, { publicUrl }));
  for (const [method, path] of [
    ['POST', 'sign-in/oidc'],
    ['GET', 'callback/oidc'],
  ] as const)
    expect((await bare.call(`/api/auth/${path}`, { method })).status).toBe(404);
});

test('while the provider is unavailable passwords work, and it works again once it is back', async () => {
  const other = await openTestProvider(publicUrl);
  const gone = testRuntime(db, { publicUrl, oidc: other.settings });
  await other.close();
  const answer = await browse(gone).begins({ next: '/' });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    error: 'busy',
    message: expect.stringContaining('Example Inc'),
  });
  expectFailed(await browse(gone).call('/api/auth/callback/oidc?code=1&state=2'), 'failed');
  const signedIn = await gone.passwordServer.handler(
    new Request(`${publicUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl },
      body: JSON.stringify({ email, password }),
    }),
  );
  expect(signedIn.status).toBe(200);
  const again = await openTestProvider(publicUrl, Number(new URL(other.settings.issuer).port));
  again.person = console.provider.person;
  const { answer: back } = await browse(gone).signIn();
  expect(await console.personOf(back)).toMatchObject({ email });
  await again.close();
});

test('the log contains no codes, states or identities', () => {
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join('\n')).not.toMatch(/code=|state=|eyJ|a-secret-between-the-two/);
});
