import type { Database } from '#db/client.ts';
import type { SnoozeInput } from '#lib/contract/case.ts';
import type { Actor } from '#lib/contract/person.ts';
import { requireRole } from './require-role.ts';
import { stepCase } from './step-case.ts';
import type { Case } from './types.ts';

/**
 * Puts an order aside; it comes back into the queue by itself.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function snoozeOrder(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId, minutes, note }: SnoozeInput,
): Promise<Case> {
  requireRole(person, 'reviewer', 'Snoozing an order');
  return stepCase(pool, person, { orderId, to: 'snoozed', minutes, note });
}
