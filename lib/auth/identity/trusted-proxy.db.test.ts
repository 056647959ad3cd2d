import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { OperatorError } from '#lib/errors.ts';
import { authHandler } from '../auth-handler.ts';
import { browserRequest, signInAs, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { readTrustedProxy } from './trusted-proxy.ts';

let db: TestDatabase;
let cookie: string;
const secret = 'the-secret-of-the-proxy-0123456789';
const trustedProxy = readTrustedProxy({
  TRUSTED_PROXY_PEERS: '10.1.0.0/16, ::1',
  TRUSTED_PROXY_SECRET: secret,
});
const word = {
  'x-caspers-peer': '10.1.2.3',
  'x-proxy-secret': secret,
  'x-forwarded-email': 'Ana@example.com',
};

beforeAll(async () => {
  db = await createTestDatabase();
  cookie = await signInAs(testRuntime(db), 'reviewer', 'ana@example.com');
});
afterAll(() => db.close());

test('the proxy’s header is trusted from its address and with its secret', async () => {
  const runtime = testRuntime(db, { trustedProxy });
  expect(await getPerson(new Headers(word), runtime)).toMatchObject({ email: 'ana@example.com' });
  const mapped = { ...word, 'x-caspers-peer': '::ffff:10.1.2.3' };
  expect(await getPerson(new Headers(mapped), runtime)).toBeDefined();
});

test.each([
  ['another address', { 'x-caspers-peer': '10.2.2.3' }],
  ['no address', { 'x-caspers-peer': '' }],
  ['another secret', { 'x-proxy-secret': `${secret}x` }],
  ['no secret', { 'x-proxy-secret': '' }],
  ['an unknown person', { 'x-forwarded-email': 'unknown@example.com' }],
  ['two people', { 'x-forwarded-email': 'ana@example.com, ben@example.com' }],
  ['no person', { 'x-forwarded-email': '' }],
])('with %s it is not', async (_, change) => {
  const runtime = testRuntime(db, { trustedProxy });
  expect(await getPerson(new Headers({ ...word, ...change }), runtime)).toBeUndefined();
});

test('without a configured proxy the header is ignored, with one the cookie is', async () => {
  expect(await getPerson(new Headers(word), testRuntime(db))).toBeUndefined();
  expect(await getPerson(new Headers({ cookie }), testRuntime(db))).toBeDefined();
  const behind = testRuntime(db, { trustedProxy });
  expect(await getPerson(new Headers({ cookie }), behind)).toBeUndefined();
  const signIn = browserRequest('/api/auth/sign-in/email', { method: 'POST', body: '{}' });
  expect((await authHandler(signIn, () => behind)).status).toBe(404);
});

test.each([
  [{ TRUSTED_PROXY_PEERS: '10.0.0.1' }],
  [{ TRUSTED_PROXY_SECRET: secret }],
  [{ TRUSTED_PROXY_PEERS: 'proxy.local', TRUSTED_PROXY_SECRET: secret }],
  [{ TRUSTED_PROXY_PEERS: '10.0.0.0/33', TRUSTED_PROXY_SECRET: secret }],
  [{ TRUSTED_PROXY_PEERS: '0.0.0.0/0', TRUSTED_PROXY_SECRET: secret }],
])('the settings %j are refused at start', (given) => {
  expect(() => readTrustedProxy({ TRUSTED_PROXY_PEERS: '', TRUSTED_PROXY_SECRET: '', ...given })).toThrow(
    OperatorError,
  );
});
