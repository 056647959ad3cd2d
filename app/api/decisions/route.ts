import { guardedRoute } from '#lib/auth/guarded-route.ts';
import { readQuery } from '#lib/auth/read-query.ts';
import { encodePastDecision } from '#lib/contract/console-history.ts';
import { historyQuerySchema } from '#lib/contract/decision-requests.ts';
import { listDecisionHistory } from '#lib/refunds/list-decision-history.ts';

/** The decisions of all orders, the newest first. */
export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const { decisions, nextAfter } = await listDecisionHistory(db, readQuery(request, historyQuerySchema));
  return Response.json({ items: decisions.map(encodePastDecision), next_after: nextAfter });
});
