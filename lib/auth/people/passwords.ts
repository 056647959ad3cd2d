import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import type { Actor, ChangePasswordInput, Person } from '#lib/contract/person.ts';
import { NotFoundError, TooManyRequestsError, ValidationError } from '#lib/errors.ts';
import { withAuditContext } from '../audit/write-audit.ts';
import { createRateLimiter } from '../guard/rate-limiter.ts';
import { generatePassword } from './accounts.ts';
import { endSessionsOf } from './sessions.ts';

const limitAttempts = createRateLimiter({ max: 5, seconds: 60 });

const lockPassword = statement({
  params: { personId: text },
  returns: { hash: text },
  sql: ({ personId }) => sql`
    select password as hash from auth.account
    where user_id = ${personId} and provider_id = 'credential' and password is not null
    for update`,
});

const updatePassword = statement({
  params: { personId: text, hash: text, now: timestamp },
  returns: { id: text },
  sql: ({ personId, hash, now }) => sql`
    update auth.account set password = ${hash}, updated_at = ${now}
    where user_id = ${personId} and provider_id = 'credential'
    returning id`,
});

/**
 * Changes one's own password and ends all of one's sessions.
 * @throws ValidationError if `current` is not the current password; TooManyRequestsError after five attempts a minute.
 */
export async function changePassword(
  db: Database,
  person: Actor & Pick<Person, 'id'>,
  { current, next }: ChangePasswordInput,
  clock: Clock,
): Promise<void> {
  const wait = limitAttempts(person.id, clock.now());
  if (wait !== undefined) throw new TooManyRequestsError(`Too many attempts. Try again in ${wait} s.`, wait);
  await withAuditContext(db, person, async (connection) => {
    const [password] = await lockPassword(connection, { personId: person.id });
    if (!password || !(await verifyPassword({ hash: password.hash, password: current })))
      throw new ValidationError('current', 'This is not your current password.');
    const hash = await hashPassword(next);
    await updatePassword(connection, { personId: person.id, hash, now: clock.now() });
    await endSessionsOf(connection, person.id, 'password_changed');
  });
}

const findPersonId = statement({
  params: { email: text },
  returns: { id: text },
  sql: ({ email }) => sql`select id from auth."user" where email = lower(${email})`,
});

const unlinkIdentities = statement({
  params: { personId: text },
  returns: {},
  sql: ({ personId }) => sql`
    delete from auth.account where user_id = ${personId} and provider_id <> 'credential'`,
});

const forgetAttempts = statement({
  params: { email: text },
  returns: {},
  sql: ({ email }) => sql`delete from auth.sign_in_attempts where email = lower(${email})`,
});

/**
 * Gives a person a new generated password, ends all their sessions, and unlinks their identity at the provider.
 * @returns the password; this is the only time that it is known.
 * @throws NotFoundError if no account signs in with this address and a password.
 */
export async function resetPassword(db: Database, email: string, now: Date): Promise<string> {
  const password = generatePassword();
  const hash = await hashPassword(password);
  await withAuditContext(db, { email: 'operator' }, async (connection) => {
    const [person] = await findPersonId(connection, { email });
    const personId = person?.id ?? '';
    const changed = await updatePassword(connection, { personId, hash, now });
    if (changed.length === 0) throw new NotFoundError(`There is no account for ${email}.`);
    await unlinkIdentities(connection, { personId });
    await endSessionsOf(connection, personId, 'password_reset');
    await forgetAttempts(connection, { email });
  });
  return password;
}
