import { guardedRoute, parseInput } from '#lib/auth/index.ts';
import { encodePastDecision } from '#lib/contract/console-history.ts';
import { orderIdText } from '#lib/contract/decide-refund.ts';
import { listDecisions } from '#lib/refunds/index.ts';

type Params = { orderId: string };

/** All decisions of an order, the newest first; an order that nobody has decided has none. */
export const GET = guardedRoute<Params>('viewer', async ({ db }, { params }) => {
  const orderId = parseInput(orderIdText, params.orderId);
  const decisions = await listDecisions(db, orderId);
  return Response.json({ order_id: orderId, decisions: decisions.map(encodePastDecision) });
});
