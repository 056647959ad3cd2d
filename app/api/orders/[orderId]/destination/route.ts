import { appendAudit, guardedRoute, parseInput } from '#lib/auth/index.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { NotFoundError } from '#lib/errors.ts';
import { getDestination } from '#lib/orders/index.ts';

type Params = { orderId: string };

/** Where an order went, for those who decide; that somebody looked is in the audit before they see it. */
export const GET = guardedRoute<Params>('reviewer', async ({ db, person, requestId }, { params }) => {
  const orderId = parseInput(orderIdText, params.orderId);
  const destination = await getDestination(db, orderId);
  if (!destination) throw new NotFoundError(`There is no order ${orderId}.`);
  await appendAudit(db.pool, { actor: person.email, action: 'reveal', subject: orderId, requestId });
  return Response.json({ order_id: orderId, ...destination });
});
