import { guardedRoute, parseInput } from '#lib/auth/index.ts';
import { encode } from '#lib/contract/codec.ts';
import { pastDecisionSchema } from '#lib/contract/decision.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { listDecisions } from '#lib/refunds/index.ts';

type Params = { orderId: string };

/** All decisions of an order, the newest first; an order that nobody has decided has none. */
export const GET = guardedRoute<Params>('viewer', async ({ db }, { params }) => {
  const orderId = parseInput(orderIdText, params.orderId);
  const decisions = await listDecisions(db, orderId);
  return Response.json({
    order_id: orderId,
    decisions: decisions.map((each) => encode(pastDecisionSchema, each)),
  });
});
