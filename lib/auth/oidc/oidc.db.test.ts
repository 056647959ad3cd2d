import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { resetPassword } from '../people/passwords.ts';
import { listSessions } from '../people/sessions.ts';
import { expectFailed, keptOf, openOidcConsole, publicUrl } from './console.testing.ts';

let db: TestDatabase;
let console: Awaited<ReturnType<typeof openOidcConsole>>;
let email: string;
let count = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  console = await openOidcConsole(db);
});
beforeEach(async () => {
  email = await console.welcome(++count);
});
afterAll(async () => {
  await console.provider.close();
  await db.close();
});

test('an invited person signs in, by code, PKCE, state and nonce', async () => {
  const { url, back, answer } = await console.signIn('/refunds?status=all&search=a~b*c,d');
  const asked = Object.fromEntries(url.searchParams);
  expect(asked).toMatchObject({
    response_type: 'code',
    client_id: 'refund-manager',
    redirect_uri: `${publicUrl}/api/auth/callback/oidc`,
    code_challenge_method: 'S256',
    scope: 'openid email profile',
  });
  expect(asked.nonce).toMatch(/^\S{32}$/);
  expect(asked.code_challenge).toMatch(/^\S{43}$/);
  expect(back.searchParams.get('state')).toBe(asked.state);
  expect(answer.headers.get('location')).toBe('/refunds?status=all&search=a~b*c,d');
  const person = await console.personOf(answer);
  expect(person).toMatchObject({ email, role: 'reviewer', name: 'Ana' });
  expect(console.provider.asked).toContain('POST /token');
});

test('the session is like any other: hashed, with both limits, and audited with its method', async () => {
  const { answer } = await console.signIn();
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('caspers.session_token')) ?? '';
  expect(cookie).toMatch(/Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax/);
  const { rows } = await db.pool.query(
    `select session.token, extract(epoch from expires_at - session.created_at)::integer as seconds,
       detail ->> 'method' as method, entry.actor
     from auth.session join auth."user" as person on person.id = user_id
     join auth.audit_log as entry on detail ->> 'session_id' = session.id
     where person.email = $1`,
    [email],
  );
  expect(rows).toEqual([{ token: expect.any(String), seconds: 43_200, method: 'oidc', actor: email }]);
  expect(decodeURIComponent(cookie)).not.toContain(rows[0].token);
  const person = await console.personOf(answer);
  await db.pool.query(
    `update auth.session set last_seen_ts = now() - interval '31 minutes' where user_id = $1`,
    [person?.id],
  );
  expect(await console.personOf(answer)).toBeUndefined();
});

test('of what the provider sends only the subject is kept', async () => {
  await console.signIn();
  const { rows } = await db.pool.query(
    `select to_jsonb(account) - array['id', 'user_id', 'created_at', 'updated_at'] as kept
     from auth.account as account where account_id = $1`,
    [`${console.provider.settings.issuer} subject-${count}`],
  );
  const nothing = { password: null, access_token: null, refresh_token: null, id_token: null };
  const over = { access_token_expires_at: null, refresh_token_expires_at: null };
  expect(rows).toMatchObject([{ kept: { provider_id: 'oidc', ...nothing, ...over } }]);
  expect((await db.pool.query('select from auth.verification')).rowCount).toBe(0);
  expect(await audited('identity_linked')).toMatchObject([{ actor: email, subject: email }]);
});

test('a returning person is known by the subject, even with a new address', async () => {
  await console.signIn();
  console.provider.person = { sub: `subject-${count}`, email: `new-${email}`, email_verified: true };
  expect(await console.personOf((await console.signIn()).answer)).toMatchObject({ email });
  expect(await countPeople(`new-${email}`)).toBe(0);
});

test('signing in ends the previous session of the browser', async () => {
  const first = (await console.signIn()).answer;
  const second = (await console.signIn('/', keptOf(first))).answer;
  expect(await console.personOf(first)).toBeUndefined();
  const person = await console.personOf(second);
  expect(person && (await listSessions(db, person))).toHaveLength(1);
  expect(await audited('session_ended')).toMatchObject([{ detail: { reason: 'signed_in_again' } }]);
});

test('a person who was not invited gets no account', async () => {
  const stranger = `stranger-${count}@example.com`;
  console.provider.person = { sub: 'stranger', email: stranger, email_verified: true };
  await expectRefused('unknown', { reason: 'signup_disabled', email: stranger });
  expect(await countPeople(stranger)).toBe(0);
});

test.each([false, undefined])('an address that is verified as %s does not sign in', async (verified) => {
  console.provider.person = { sub: `subject-${count}`, email, email_verified: verified as boolean };
  await expectRefused('unverified', { reason: 'account_not_linked', email });
  console.provider.person.email_verified = true;
  await console.signIn();
  console.provider.person.email_verified = verified as boolean;
  await expectRefused('unverified', { reason: 'unverified', email });
});

test('a disabled person cannot sign in, before and after a first sign-in, and is not told why', async () => {
  const disable = (ts: string) =>
    db.pool.query(`update auth."user" set disabled_at = ${ts} where email = $1`, [email]);
  await disable('now()');
  await expectRefused('unknown', { reason: 'disabled', email });
  await disable('null');
  expect(await console.personOf((await console.signIn()).answer)).toMatchObject({ email });
  await disable('now()');
  await expectRefused('unknown', { reason: 'disabled', email });
});

test('an address that passed to another person does not open the account, until an operator resets the password', async () => {
  await console.signIn();
  console.provider.person = { sub: `heir-${count}`, email, email_verified: true };
  await expectRefused('unknown', { reason: 'other_identity', email });
  await resetPassword(db, email, new Date());
  expect(await audited('identity_unlinked')).toMatchObject([{ actor: 'operator' }]);
  expect(await console.personOf((await console.signIn()).answer)).toMatchObject({ email });
});

async function expectRefused(failed: string, detail: Record<string, unknown>): Promise<void> {
  const { answer } = await console.signIn();
  expectFailed(answer, failed);
  expect(await console.personOf(answer)).toBeUndefined();
  const request = answer.headers.get('x-request-id');
  const { rows } = await db.pool.query(
    `select action, actor, detail from auth.audit_log where detail ->> 'request' = $1`,
    [request],
  );
  expect(rows).toEqual([
    {
      action: 'sign_in_failed',
      actor: 'anonymous',
      detail: expect.objectContaining({ method: 'oidc', ...detail }),
    },
  ]);
}

async function audited(action: string) {
  const { rows } = await db.pool.query(
    'select actor, subject, detail from auth.audit_log where action = $1 and subject = $2',
    [action, email],
  );
  return rows;
}

async function countPeople(address: string): Promise<number | null> {
  return (await db.pool.query('select from auth."user" where email = $1', [address])).rowCount;
}
