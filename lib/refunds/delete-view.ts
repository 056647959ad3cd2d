import type { Database } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';
import { NotFoundError } from '#lib/errors.ts';

/** Deletes a view of one's own. @throws NotFoundError where the person has no such view. */
export async function deleteView(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
  { viewId }: { viewId: string },
): Promise<void> {
  const { rowCount } = await pool.query('delete from refunds.saved_views where id = $1 and person = $2', [
    viewId,
    email,
  ]);
  if (!rowCount) throw new NotFoundError('There is no such view any longer.');
}
