import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { type Actor, type ChangePersonInput, mayActAs } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { inRequest } from './in-request.ts';
import { keepAnAdmin, lockPerson, requireAdmin } from './manage-people.ts';
import { nameEnding } from './name-ending.ts';

/**
 * Changes somebody's name and role; a lower role ends their sessions.
 * @throws ForbiddenError for anybody but an admin, for one's own role, and for the last admin; NotFoundError.
 */
export async function changePerson(
  db: Database,
  actor: Actor,
  { personId, name, role }: ChangePersonInput,
  clock: Clock,
): Promise<void> {
  requireAdmin(actor);
  await inRequest(db, actor, async (connection) => {
    const target = await lockPerson(connection, personId);
    if (target.email === actor.email && target.role !== role)
      throw new ForbiddenError('Nobody changes their own role. Ask another admin.');
    await connection.query('update auth."user" set name = $2, role = $3, updated_at = $4 where id = $1', [
      personId,
      name,
      role,
      clock.now(),
    ]);
    await keepAnAdmin(connection);
    if (mayActAs({ role }, target.role)) return;
    await nameEnding(connection, 'role_lowered');
    await connection.query('delete from auth.session where user_id = $1', [personId]);
  });
}
