import { guardedRoute, readQuery } from '#lib/auth/index.ts';
import { encode } from '#lib/contract/codec.ts';
import { historyPageSchema, historyQuerySchema } from '#lib/contract/decision.ts';
import { listDecisionHistory } from '#lib/refunds/index.ts';

/** The decisions of all orders, the newest first. */
export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const page = await listDecisionHistory(db, readQuery(request, historyQuerySchema));
  return Response.json(encode(historyPageSchema, page));
});
