import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { Actor, DisablePersonInput } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { inRequest } from './in-request.ts';
import { keepAnAdmin, lockPerson, requireAdmin } from './manage-people.ts';
import { nameEnding } from './name-ending.ts';

/**
 * Shuts somebody out, which ends their sessions with the next request, or lets them in again.
 * @throws ForbiddenError for anybody but an admin, for oneself, and for the last admin; NotFoundError.
 */
export async function setPersonDisabled(
  db: Database,
  actor: Actor,
  { personId, disabled }: DisablePersonInput,
  clock: Clock,
): Promise<void> {
  requireAdmin(actor);
  await inRequest(db, actor, async (connection) => {
    const target = await lockPerson(connection, personId);
    if (target.email === actor.email) throw new ForbiddenError('Nobody shuts themselves out.');
    await connection.query('update auth."user" set disabled_at = $2, updated_at = $3 where id = $1', [
      personId,
      disabled ? clock.now() : null,
      clock.now(),
    ]);
    await keepAnAdmin(connection);
    if (!disabled) return;
    await nameEnding(connection, 'disabled');
    await connection.query('delete from auth.session where user_id = $1', [personId]);
  });
}
