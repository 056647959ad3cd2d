'use server';

import { appendAudit } from '#lib/auth/append-audit.ts';
import { guardedAction } from '#lib/auth/guarded-action.ts';
import { orderSchema } from '#lib/contract/case-requests.ts';
import { getDestination } from '#lib/orders/get-destination.ts';

/** The customer's address, which is noted in the audit before it is told; null where it is not known. */
export const reveal = guardedAction(
  orderSchema,
  { role: 'reviewer' },
  async ({ db, person, requestId }, { orderId }) => {
    await appendAudit(db.pool, { actor: person.email, action: 'reveal', subject: orderId, requestId });
    return (await getDestination(db, orderId))?.address ?? null;
  },
);
