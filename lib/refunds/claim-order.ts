import type { Database } from '#db/client.ts';
import type { Actor } from '#lib/contract/person.ts';
import { requireRole } from './require-role.ts';
import { stepCase } from './step-case.ts';
import type { Case } from './types.ts';

/** How long an order stays with who claims it, unless they claim it again. */
export const LEASE_MINUTES = 5;

/**
 * Claims an order for five minutes, or renews one's own claim; the claim of another ends with its time alone.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function claimOrder(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId }: { orderId: string },
): Promise<Case> {
  requireRole(person, 'reviewer', 'Claiming an order');
  return stepCase(pool, person, { orderId, to: 'claimed', minutes: LEASE_MINUTES });
}
