import { guardedRoute, readQuery } from '#lib/auth/index.ts';
import { encodeSummary } from '#lib/contract/console-api.ts';
import { summaryQuerySchema } from '#lib/contract/console-requests.ts';
import { summarizeRefunds } from '#lib/refunds/index.ts';

export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const { include_zero } = readQuery(request, summaryQuerySchema);
  return Response.json(encodeSummary(await summarizeRefunds(db), include_zero));
});
