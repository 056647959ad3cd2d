import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import { type Role, roles } from '#lib/contract/person.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { cookieOf, postSignIn, signInAs, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { createApiToken, listApiTokens, revokeApiToken } from './api-tokens.ts';
import { changePerson, invitePerson, listPeople, setPersonDisabled } from './people.ts';
import { listSessions, revokeSession } from './sessions.ts';

let db: TestDatabase;
let runtime: SignInRuntime;
beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
  await signInAs(runtime, 'admin', admin.email);
});
afterAll(() => db.close());

const admin = { email: 'ada@example.com', role: 'admin', requestId: 'request-1' } as const;

test('an invited person signs in with the first password; the same address cannot be invited twice', async () => {
  const invitation = { email: 'new@example.com', name: 'New', role: 'reviewer' } as const;
  const { email, password } = await invitePerson(db, admin, invitation, systemClock);
  expect((await postSignIn(runtime, email, password)).status).toBe(200);
  await expect(invitePerson(db, admin, invitation, systemClock)).rejects.toBeInstanceOf(ValidationError);
  const { rows } = await db.pool.query(
    `select actor, request_id from auth.audit_log where action = 'person_added' and subject = $1`,
    [email],
  );
  expect(rows).toEqual([{ actor: admin.email, request_id: 'request-1' }]);
});

test.each(roles.filter((role) => role !== 'admin'))('a %s cannot manage people', async (role) => {
  const actor = { email: 'x@example.com', role };
  const attempts = [
    () => invitePerson(db, actor, { email: 'y@example.com', name: 'Y', role: 'admin' }, systemClock),
    () => changePerson(db, actor, { personId: 'x', name: 'X', role: 'admin' }, systemClock),
    () => setPersonDisabled(db, actor, { personId: 'x', disabled: false }, systemClock),
    () => createApiToken(db, actor, { name: 'mine', role: 'reviewer', days: 1 }),
    () => listApiTokens(db, actor),
    () => revokeApiToken(db, actor, { tokenId: '1' }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(ForbiddenError);
});

test('disabling an account ends every session at once, and its password no longer works', async () => {
  const cookie = await signInAs(runtime, 'lead', 'out@example.com');
  const personId = await idOf('out@example.com');
  await setPersonDisabled(db, admin, { personId, disabled: true }, systemClock);
  expect(await person(cookie)).toBeUndefined();
  const refused = await postSignIn(runtime, 'out@example.com', 'correct-horse-battery');
  const mistyped = await postSignIn(runtime, 'out@example.com', 'wrong-horse-battery');
  expect([refused.status, await refused.json()]).toEqual([mistyped.status, await mistyped.json()]);
  await setPersonDisabled(db, admin, { personId, disabled: false }, systemClock);
  expect((await postSignIn(runtime, 'out@example.com', 'correct-horse-battery')).status).toBe(200);
});

test('a session of a disabled person is not valid even if its row remains', async () => {
  const cookie = await signInAs(runtime, 'lead', 'stayed@example.com');
  await db.pool.query(`update auth."user" set disabled_at = now() where email = 'stayed@example.com'`);
  expect(await person(cookie)).toBeUndefined();
});

test('lowering a role ends the sessions, raising it does not; no one changes their own, and one admin remains', async () => {
  const cookie = await signInAs(runtime, 'reviewer', 'moved@example.com');
  const personId = await idOf('moved@example.com');
  await changePerson(db, admin, { personId, name: 'Moved', role: 'lead' }, systemClock);
  expect(await person(cookie)).toMatchObject({ name: 'Moved', role: 'lead' });
  await changePerson(db, admin, { personId, name: 'Moved', role: 'viewer' }, systemClock);
  expect(await person(cookie)).toBeUndefined();
  const own = { personId: await idOf(admin.email), name: 'Ada', role: 'viewer' } as const;
  await expect(changePerson(db, admin, own, systemClock)).rejects.toBeInstanceOf(ForbiddenError);
  const other = { email: 'else@example.com', role: 'admin' } as const;
  await expect(changePerson(db, other, own, systemClock)).rejects.toThrow(/last admin/);
  await expect(
    setPersonDisabled(db, admin, { personId: own.personId, disabled: true }, systemClock),
  ).rejects.toBeInstanceOf(ForbiddenError);
  await expect(changePerson(db, admin, { ...own, personId: 'unknown' }, systemClock)).rejects.toBeInstanceOf(
    NotFoundError,
  );
});

test('people see and end their own sessions, not those of others', async () => {
  const cookie = await signInAs(runtime, 'viewer', 'open@example.com');
  const [session] = await listSessions(db, { id: await idOf('open@example.com') });
  const sessionId = session?.id ?? '';
  const stranger = { id: 'other', email: 'other@example.com', role: 'lead' as Role };
  await expect(revokeSession(db, stranger, { sessionId })).rejects.toBeInstanceOf(NotFoundError);
  await revokeSession(db, { ...stranger, role: 'admin' }, { sessionId });
  expect(await person(cookie)).toBeUndefined();
  const people = await listPeople(db);
  expect(people.find(({ email }) => email === 'open@example.com')).toMatchObject({ sessions: 0 });
});

test('a session is stored as a hash, ends after 30 idle minutes, and the next sign-in deletes it', async () => {
  const cookie = await signInAs(runtime, 'viewer', 'idle@example.com');
  const token = /session_token=([^.;]+)/.exec(decodeURIComponent(cookie))?.[1] ?? '';
  const { rows } = await db.pool.query('select row_to_json(s)::text as stored from auth.session as s');
  expect(token.length).toBeGreaterThan(20);
  expect(JSON.stringify(rows)).not.toContain(token);
  const idle = (minutes: number) =>
    db.pool.query(`update auth.session set last_seen_ts = now() - make_interval(mins => $1)`, [minutes]);
  await idle(29);
  expect(await person(cookie)).toBeDefined();
  await idle(0);
  const second = cookieOf(await postSignIn(runtime, 'idle@example.com', 'correct-horse-battery'));
  expect(await person(cookie)).toBeDefined();
  await idle(31);
  expect(await person(cookie)).toBeUndefined();
  expect(await person(second)).toBeUndefined();
  await postSignIn(runtime, 'idle@example.com', 'correct-horse-battery');
  const left = await db.pool.query('select from auth.session');
  expect(left.rowCount).toBe(1);
});

test('an API token has the rights of its role until it is revoked or expires, and is stored as a hash', async () => {
  const token = await createApiToken(db, admin, { name: 'settler', role: 'reviewer', days: 30 });
  await expect(
    createApiToken(db, admin, { name: 'settler', role: 'viewer', days: 30 }),
  ).rejects.toBeInstanceOf(ValidationError);
  const bearer = () => getPerson(new Headers({ authorization: `Bearer ${token}` }), runtime);
  expect(await bearer()).toMatchObject({ email: 'token:settler', role: 'reviewer' });
  expect(await getPerson(new Headers({ authorization: `Bearer ${token}x` }), runtime)).toBeUndefined();
  await db.pool.query(`update auth.api_tokens set expires_ts = now()`);
  expect(await bearer()).toBeUndefined();
  await db.pool.query(`update auth.api_tokens set expires_ts = now() + interval '1 day'`);
  const [listed] = await listApiTokens(db, admin);
  expect(JSON.stringify(listed)).not.toContain(token);
  await revokeApiToken(db, admin, { tokenId: listed?.id ?? '' });
  expect(await bearer()).toBeUndefined();
  const { rows } = await db.pool.query(
    `select action from auth.audit_log where subject = 'settler' order by seq`,
  );
  expect(rows.map(({ action }) => action)).toEqual(['token_created', 'token_revoked']);
});

const person = (cookie: string) => getPerson(new Headers({ cookie }), runtime);

async function idOf(email: string): Promise<string> {
  return (await db.pool.query(`select id from auth."user" where email = $1`, [email])).rows[0]?.id;
}
