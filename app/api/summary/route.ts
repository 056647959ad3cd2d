import { guardedRoute, readQuery } from '#lib/auth/index.ts';
import { encodeSummary, summaryQuerySchema } from '#lib/contract/queue.ts';
import { summarizeRefunds } from '#lib/refunds/index.ts';

export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const { includeZero } = readQuery(request, summaryQuerySchema);
  return Response.json(encodeSummary(await summarizeRefunds(db), includeZero));
});
