import type { Database } from '#db/client.ts';
import { type Actor, mayActAs } from '#lib/contract/person.ts';
import { requireRole } from './require-role.ts';
import { stepCase } from './step-case.ts';
import type { Case } from './types.ts';

/**
 * Puts an order back into the queue: one's own claim, one that is snoozed, and for a lead one that is escalated.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function releaseOrder(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId }: { orderId: string },
): Promise<Case> {
  requireRole(person, 'reviewer', 'Releasing an order');
  const from = ['claimed', 'snoozed', ...(mayActAs(person, 'lead') ? ['escalated' as const] : [])] as const;
  return stepCase(pool, person, { orderId, to: 'queued', from });
}
