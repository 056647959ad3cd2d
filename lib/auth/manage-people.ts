import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection } from '#db/client.ts';
import { type Actor, mayActAs, type Role } from '#lib/contract/person.ts';
import { ForbiddenError, NotFoundError } from '#lib/errors.ts';

type Target = { id: string; email: string; role: Role };

/** @throws ForbiddenError for anybody but an admin. */
export function requireAdmin(actor: Pick<Actor, 'role'>): void {
  if (!mayActAs(actor, 'admin'))
    throw new ForbiddenError(`Managing people needs the role admin, and yours is ${actor.role}.`);
}

/** Locks the accounts, so that of two admins who lower one another the second sees what the first did. */
export async function lockPerson(connection: Connection, personId: string): Promise<Target> {
  await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.people]);
  const { rows } = await connection.query<Target>(
    'select id, email, role from auth."user" where id = $1 for update',
    [personId],
  );
  if (rows[0]) return rows[0];
  throw new NotFoundError('There is no such person any longer.');
}

/** @throws ForbiddenError where nobody could manage people any more. */
export async function keepAnAdmin(connection: Connection): Promise<void> {
  const { rowCount } = await connection.query(
    `select from auth."user" where role = 'admin' and disabled_at is null limit 1`,
  );
  if (!rowCount) throw new ForbiddenError('This is the last admin. Make somebody else an admin first.');
}
