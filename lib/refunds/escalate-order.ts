import type { Database } from '#db/client.ts';
import type { EscalateInput } from '#lib/contract/case.ts';
import type { Actor } from '#lib/contract/person.ts';
import { requireRole } from './require-role.ts';
import { stepCase } from './step-case.ts';
import type { Case } from './types.ts';

/**
 * Hands an order to the leads, who alone decide it or put it back.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function escalateOrder(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId, note }: EscalateInput,
): Promise<Case> {
  requireRole(person, 'reviewer', 'Escalating an order');
  return stepCase(pool, person, { orderId, to: 'escalated', note });
}
