import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { Actor, InviteInput } from '#lib/contract/person.ts';
import { ValidationError } from '#lib/errors.ts';
import { createAccount } from './create-account.ts';
import { inRequest } from './in-request.ts';
import { requireAdmin } from './manage-people.ts';
import { readablePassword } from './readable-password.ts';

/**
 * Makes an account for somebody.
 * @returns the first password, the only time that it is known.
 * @throws ValidationError where the address has an account, ForbiddenError for anybody but an admin.
 */
export async function invitePerson(
  db: Database,
  actor: Actor,
  input: InviteInput,
  clock: Clock,
): Promise<{ email: string; password: string }> {
  requireAdmin(actor);
  const account = { ...input, password: readablePassword() };
  try {
    await inRequest(db, actor, (connection) => createAccount(connection, account, clock.now()));
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'user_email_key') throw error;
    throw new ValidationError('email', `${input.email} has an account already.`);
  }
  return { email: account.email, password: account.password };
}
