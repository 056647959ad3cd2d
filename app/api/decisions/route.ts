import { guardedRoute, readQuery } from '#lib/auth/index.ts';
import { encodePastDecision } from '#lib/contract/console-history.ts';
import { historyQuerySchema } from '#lib/contract/decision-requests.ts';
import { listDecisionHistory } from '#lib/refunds/index.ts';

/** The decisions of all orders, the newest first. */
export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const { decisions, nextAfter } = await listDecisionHistory(db, readQuery(request, historyQuerySchema));
  return Response.json({ items: decisions.map(encodePastDecision), next_after: nextAfter });
});
