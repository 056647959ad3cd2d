import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import type { Person } from '#lib/contract/person.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { authHandler } from '../auth-handler.ts';
import { browserRequest, cookieOf, postSignIn, signInAs, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { IDLE_MINUTES } from '../identity/session.ts';
import { changePassword, resetPassword } from '../people/passwords.ts';
import { changePerson, setPersonDisabled } from '../people/people.ts';
import { listSessions, revokeSession } from '../people/sessions.ts';
import { MAX_PER_ORIGIN } from '../sign-in/sign-in-attempts.ts';
import { verifyAudit } from './verify-audit.ts';

const password = 'correct-horse-battery';
let db: TestDatabase;
let runtime: SignInRuntime;
let admin: Person;
let email: string;
let cookie: string;
let person: Person;
let count = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
  admin = await personOf(await signInAs(runtime, 'admin', 'ada@example.com'));
});
beforeEach(async () => {
  email = `lea-${++count}@example.com`;
  cookie = await signInAs(runtime, 'lead', email);
  person = await personOf(cookie);
});
afterAll(() => db.close());

const personOf = async (of: string) => (await getPerson(new Headers({ cookie: of }), runtime)) as Person;

/** The audit entries about the person of this test, without the sign-in. */
async function audited(actions: string[]) {
  const { rows } = await db.pool.query(
    `select actor, action, detail ->> 'reason' as reason from auth.audit_log
     where subject = $1 and action = any($2) order by seq`,
    [email, actions],
  );
  return rows;
}
const ended = () => audited(['session_ended']);

test('a sign-in is audited with its session and its method', async () => {
  const { rows } = await db.pool.query(
    `select detail ->> 'method' as method, detail ->> 'session_id' as session from auth.audit_log
     where action = 'sign_in' and actor = $1`,
    [email],
  );
  const [open] = await listSessions(db, person);
  expect(rows).toEqual([{ method: 'password', session: open?.id }]);
});

test('signing out is audited once, with its request', async () => {
  const request = browserRequest('/api/auth/sign-out', { method: 'POST', headers: { cookie } });
  const answer = await authHandler(request, () => runtime);
  expect(await personOf(cookie)).toBeUndefined();
  expect(await ended()).toEqual([{ actor: email, action: 'session_ended', reason: 'sign_out' }]);
  const { rows } = await db.pool.query('select request_id from auth.audit_log where subject = $1', [email]);
  expect(rows).toContainEqual({ request_id: answer.headers.get('x-request-id') });
});

test('another site cannot sign a person out', async () => {
  const headers = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const request = browserRequest('/api/auth/sign-out', { method: 'POST', headers });
  expect((await authHandler(request, () => runtime)).status).toBe(403);
  expect(await personOf(cookie)).toEqual(person);
  expect(await ended()).toEqual([]);
});

test.each([
  ['themselves', () => person],
  ['an admin', () => admin],
])('a session revoked by %s is audited in their name', async (_, who) => {
  const [open] = await listSessions(db, person);
  await revokeSession(db, who(), { sessionId: open?.id ?? '' });
  expect(await ended()).toEqual([{ actor: who().email, action: 'session_ended', reason: 'revoked' }]);
});

test('disabling an account ends each of its sessions in the name of the admin', async () => {
  await postSignIn(runtime, email, password);
  await setPersonDisabled(db, admin, { personId: person.id, disabled: true }, systemClock);
  const one = { actor: admin.email, action: 'session_ended', reason: 'disabled' };
  expect(await ended()).toEqual([one, one]);
});

test('lowering a role ends sessions, raising it does not', async () => {
  await changePerson(db, admin, { personId: person.id, name: 'Lea', role: 'admin' }, systemClock);
  expect(await ended()).toEqual([]);
  await changePerson(db, admin, { personId: person.id, name: 'Lea', role: 'viewer' }, systemClock);
  expect(await ended()).toEqual([{ actor: admin.email, action: 'session_ended', reason: 'role_lowered' }]);
});

test('changing one’s own password and getting a new one are audited differently', async () => {
  const actions = ['password_changed', 'password_reset', 'session_ended'];
  await changePassword(db, person, { current: password, next: 'another-horse-battery' }, systemClock);
  expect(await audited(actions)).toEqual([
    { actor: email, action: 'password_changed', reason: null },
    { actor: email, action: 'session_ended', reason: 'password_changed' },
  ]);
  await postSignIn(runtime, email, await resetPassword(db, email, new Date()));
  await resetPassword(db, email, new Date());
  expect((await audited(actions)).slice(2)).toEqual([
    { actor: 'operator', action: 'password_reset', reason: null },
    { actor: 'operator', action: 'password_reset', reason: null },
    { actor: 'operator', action: 'session_ended', reason: 'password_reset' },
  ]);
});

test('a password that is written by SQL alone is audited, too', async () => {
  await db.pool.query(`update auth.account set password = 'x' where user_id = $1`, [person.id]);
  expect(await audited(['password_reset'])).toEqual([
    { actor: 'system', action: 'password_reset', reason: null },
  ]);
});

test('signing in again ends the previous session of the browser', async () => {
  const headers = { cookie, 'content-type': 'application/json' };
  const body = JSON.stringify({ email, password });
  const request = browserRequest('/api/auth/sign-in/email', { method: 'POST', headers, body });
  const answer = await authHandler(request, () => runtime);
  expect(await personOf(cookieOf(answer))).toEqual(person);
  expect(await ended()).toEqual([{ actor: email, action: 'session_ended', reason: 'signed_in_again' }]);
});

test.each([
  ['expired', `expires_at = now() - interval '1 second'`],
  ['idle', `last_seen_ts = now() - interval '${IDLE_MINUTES} minutes'`],
  ['still open', `last_seen_ts = now() - interval '${IDLE_MINUTES - 1} minutes'`],
])(
  'the next sign-in of any person deletes a session that is %s, unless it is open',
  async (reason, change) => {
    await db.pool.query(`update auth.session set ${change} where user_id = $1`, [person.id]);
    await signInAs(runtime, 'viewer', `sweeper-${count}@example.com`);
    const expected = reason !== 'still open' ? [{ actor: 'system', action: 'session_ended', reason }] : [];
    expect(await ended()).toEqual(expected);
  },
);

test('a failed sign-in is audited once, with its reason, address and request', async () => {
  await setPersonDisabled(db, admin, { personId: person.id, disabled: true }, systemClock);
  const attempt = async (as: string, given: string) => {
    const headers = {
      'content-type': 'application/json',
      'x-caspers-peer': '10.1.2.3',
      'x-request-id': 'forged',
    };
    const body = JSON.stringify({ email: as, password: given });
    const request = browserRequest('/api/auth/sign-in/email', { method: 'POST', headers, body });
    const answer = await authHandler(request, () => runtime);
    expect(answer.status).toBe(401);
    return answer.headers.get('x-request-id');
  };
  const requests = [
    await attempt(admin.email, 'wrong-wrong-wrong'),
    await attempt(`no-${email}`, password),
    await attempt(email, password),
  ];
  const { rows } = await db.pool.query(
    `select actor, detail from auth.audit_log where action = 'sign_in_failed' order by seq desc limit 4`,
  );
  const entry = (n: number, of: string, reason: string) => ({
    actor: 'anonymous',
    detail: { method: 'password', email: of, reason, ip: '10.1.2.3', request: requests[n] },
  });
  expect(rows.toReversed().slice(-3)).toEqual([
    entry(0, admin.email, 'wrong_password'),
    entry(1, `no-${email}`, 'unknown'),
    entry(2, email, 'disabled'),
  ]);
});

test('attempts beyond the limit do not fill the audit log', async () => {
  for (let n = 0; n < MAX_PER_ORIGIN + 5; n++) await postSignIn(runtime, email, 'wrong-wrong-wrong');
  const { rowCount } = await db.pool.query(
    `select from auth.audit_log where action = 'sign_in_failed' and detail ->> 'email' = $1`,
    [email],
  );
  expect(rowCount).toBe(MAX_PER_ORIGIN);
  expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
});
