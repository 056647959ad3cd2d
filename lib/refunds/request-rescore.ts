import type { Database } from '#db/client.ts';
import type { EscalateInput } from '#lib/contract/case.ts';
import type { Actor } from '#lib/contract/person.ts';
import { requireRole } from './require-role.ts';

/**
 * Asks the recommender to look at an order again, with a note that it sees; the recommendation of before stays.
 * @throws ForbiddenError.
 */
export async function requestRescore(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId, note }: EscalateInput,
): Promise<void> {
  requireRole(person, 'reviewer', 'Asking for another recommendation');
  await pool.query('select recommender.request_rerun($1, $2, $3)', [orderId, note, person.email]);
}
