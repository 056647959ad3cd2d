import { guardedRoute, readQuery } from '#lib/auth/index.ts';
import { encodeQueuePage, queueQuerySchema } from '#lib/contract/queue.ts';
import { listRecommendations } from '#lib/refunds/index.ts';

export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const query = readQuery(request, queueQuerySchema);
  return Response.json(encodeQueuePage(await listRecommendations(db, query), query));
});
