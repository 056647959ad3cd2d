import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { Connection, Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { Actor, ChangePasswordInput, Person } from '#lib/contract/person.ts';
import { TooManyRequestsError, ValidationError } from '#lib/errors.ts';
import { inRequest } from './in-request.ts';
import { createLimiter } from './limiter.ts';
import { nameEnding } from './name-ending.ts';

const admit = createLimiter({ max: 5, seconds: 60 });

/**
 * Gives oneself another password, which nobody else knows from then on, and ends all of one's sessions.
 * @throws ValidationError where the present password is not `current`; TooManyRequestsError after five tries a minute.
 */
export async function changePassword(
  db: Database,
  person: Actor & Pick<Person, 'id'>,
  { current, next }: ChangePasswordInput,
  clock: Clock,
): Promise<void> {
  const wait = admit(person.id, clock.now());
  if (wait !== undefined) throw new TooManyRequestsError(`Too many tries. Try again in ${wait} s.`, wait);
  await inRequest(db, person, async (connection) => {
    const password = await lockPassword(connection, person);
    if (password === undefined || !(await verifyPassword({ hash: password, password: current })))
      throw new ValidationError('current', 'This is not your present password.');
    await connection.query(
      `update auth.account set password = $2, updated_at = $3
      where user_id = $1 and provider_id = 'credential'`,
      [person.id, await hashPassword(next), clock.now()],
    );
    await nameEnding(connection, 'password_changed');
    await connection.query('delete from auth.session where user_id = $1', [person.id]);
  });
}

async function lockPassword(connection: Connection, { id }: Pick<Person, 'id'>): Promise<string | undefined> {
  const { rows } = await connection.query<{ password: string }>(
    `select password from auth.account
    where user_id = $1 and provider_id = 'credential' and password is not null for update`,
    [id],
  );
  return rows[0]?.password;
}
