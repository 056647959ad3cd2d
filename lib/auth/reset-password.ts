import { hashPassword } from 'better-auth/crypto';
import type { Database } from '#db/client.ts';
import { NotFoundError } from '#lib/errors.ts';
import { inRequest } from './in-request.ts';
import { nameEnding } from './name-ending.ts';
import { readablePassword } from './readable-password.ts';

const RESET = `
-- one row: how many accounts were changed
with person as (
  select id from auth."user" where email = lower($1)
),
changed as (
  update auth.account set password = $2, updated_at = $3
  where provider_id = 'credential' and user_id in (select id from person)
  returning user_id
),
unlinked as (
  delete from auth.account where provider_id <> 'credential' and user_id in (select user_id from changed)
),
ended as (
  delete from auth.session where user_id in (select user_id from changed)
),
forgiven as (
  delete from auth.sign_in_attempts where email = lower($1)
)
select count(*)::integer as changed from changed`;

/**
 * Gives a person a new random password, ends all their sessions, and forgets which identity elsewhere is theirs.
 * @returns the password, the only time that it is known.
 * @throws NotFoundError where nobody signs in with this address.
 */
export async function resetPassword(db: Database, email: string, now: Date): Promise<string> {
  const password = readablePassword();
  const hash = await hashPassword(password);
  const changed = await inRequest(db, { email: 'operator' }, async (connection) => {
    await nameEnding(connection, 'password_reset');
    const { rows } = await connection.query<{ changed: number }>(RESET, [email, hash, now]);
    return rows[0]?.changed;
  });
  if (!changed) throw new NotFoundError(`Nobody signs in as ${email}.`);
  return password;
}
