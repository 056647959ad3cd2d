import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection, Database } from '#db/client.ts';
import { boolean, instant, integer, named, nullable, oneOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import {
  type Account,
  type Actor,
  type ChangePersonInput,
  type DisablePersonInput,
  type InviteInput,
  mayActAs,
  type Person,
  roles,
} from '#lib/contract/person.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '#lib/errors.ts';
import { withAuditContext } from '../audit/write-audit.ts';
import { personColumns } from '../identity/authenticate.ts';
import { isOpenSession } from '../identity/session.ts';
import { createAccount, generatePassword } from './accounts.ts';
import { endSessionsOf } from './sessions.ts';

const listAccounts = statement({
  returns: {
    ...personColumns,
    disabledTs: named('disabled_at', nullable(instant)),
    createdTs: named('created_at', instant),
    sessions: integer,
  },
  sql: () => sql`
    select
      id, email, name, role, disabled_at, created_at,
      (
        select count(*)::integer from auth.session where user_id = person.id and ${isOpenSession}
      ) as sessions
    from auth."user" as person
    order by lower(name), email`,
});

/** All people with an account, by name, with the number of their open sessions. */
export function listPeople({ pool }: Pick<Database, 'pool'>): Promise<Account[]> {
  return listAccounts(pool, {});
}

/** @throws ForbiddenError unless the actor is an admin. */
export function requireAdmin(actor: Pick<Actor, 'role'>): void {
  if (!mayActAs(actor, 'admin'))
    throw new ForbiddenError(`Managing people needs the role admin, and yours is ${actor.role}.`);
}

/**
 * Creates an account with a generated password.
 * @returns the first password; this is the only time that it is known.
 * @throws ValidationError if the address has an account, ForbiddenError unless the actor is an admin.
 */
export async function invitePerson(
  db: Database,
  actor: Actor,
  input: InviteInput,
  clock: Clock,
): Promise<{ email: string; password: string }> {
  requireAdmin(actor);
  const account = { ...input, password: generatePassword() };
  try {
    await withAuditContext(db, actor, (connection) => createAccount(connection, account, clock.now()));
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'user_email_key') throw error;
    throw new ValidationError('email', `${input.email} already has an account.`);
  }
  return { email: account.email, password: account.password };
}

const updatePerson = statement({
  params: { personId: text, name: text, role: oneOf(roles), now: timestamp },
  returns: {},
  sql: ({ personId, name, role, now }) => sql`
    update auth."user" set name = ${name}, role = ${role}, updated_at = ${now} where id = ${personId}`,
});

/**
 * Changes the name and role of a person. Losing rights ends their sessions.
 * @throws ForbiddenError unless the actor is an admin, for one's own role, and for the last admin; NotFoundError.
 */
export async function changePerson(
  db: Database,
  actor: Actor,
  { personId, name, role }: ChangePersonInput,
  clock: Clock,
): Promise<void> {
  requireAdmin(actor);
  await withAuditContext(db, actor, async (connection) => {
    const person = await lockPerson(connection, personId);
    if (person.email === actor.email && person.role !== role)
      throw new ForbiddenError('You cannot change your own role. Ask another admin.');
    await updatePerson(connection, { personId, name, role, now: clock.now() });
    await assertAdminRemains(connection);
    if (!mayActAs({ role }, person.role)) await endSessionsOf(connection, personId, 'role_lowered');
  });
}

const updateDisabled = statement({
  params: { personId: text, disabledAt: nullable(timestamp), now: timestamp },
  returns: {},
  sql: ({ personId, disabledAt, now }) => sql`
    update auth."user" set disabled_at = ${disabledAt}, updated_at = ${now} where id = ${personId}`,
});

/**
 * Disables the account of a person, which ends their sessions with the next request, or enables it again.
 * @throws ForbiddenError unless the actor is an admin, for oneself, and for the last admin; NotFoundError.
 */
export async function setPersonDisabled(
  db: Database,
  actor: Actor,
  { personId, disabled }: DisablePersonInput,
  clock: Clock,
): Promise<void> {
  requireAdmin(actor);
  await withAuditContext(db, actor, async (connection) => {
    const person = await lockPerson(connection, personId);
    if (person.email === actor.email) throw new ForbiddenError('You cannot deactivate your own account.');
    const now = clock.now();
    await updateDisabled(connection, { personId, disabledAt: disabled ? now : null, now });
    await assertAdminRemains(connection);
    if (disabled) await endSessionsOf(connection, personId, 'disabled');
  });
}

const takePeopleLock = statement({
  returns: {},
  sql: () => sql`select pg_advisory_xact_lock(${advisoryLocks.people})`,
});

const findForUpdate = statement({
  params: { personId: text },
  returns: personColumns,
  sql: ({ personId }) => sql`
    select id, email, name, role from auth."user" where id = ${personId} for update`,
});

/**
 * Locks all changes to people, so that of two admins who lower each other's role the second sees the first change.
 * @throws NotFoundError
 */
async function lockPerson(connection: Connection, personId: string): Promise<Person> {
  await takePeopleLock(connection, {});
  const [person] = await findForUpdate(connection, { personId });
  if (!person) throw new NotFoundError('This person no longer has an account.');
  return person;
}

const hasEnabledAdmin = statement({
  returns: { exists: boolean },
  sql: () => sql`
    select exists (select from auth."user" where role = 'admin' and disabled_at is null) as exists`,
});

/** @throws ForbiddenError if no one could manage people after this change. */
async function assertAdminRemains(connection: Connection): Promise<void> {
  const [admin] = await hasEnabledAdmin(connection, {});
  if (!admin?.exists) throw new ForbiddenError('This is the last admin. Make someone else an admin first.');
}
