import { guardedRoute } from '#lib/auth/guarded-route.ts';
import { readQuery } from '#lib/auth/read-query.ts';
import { encodeQueuePage } from '#lib/contract/console-api.ts';
import { queueQuerySchema } from '#lib/contract/console-requests.ts';
import { listRecommendations } from '#lib/refunds/list-recommendations.ts';

export const GET = guardedRoute('viewer', async ({ db }, { request }) => {
  const query = readQuery(request, queueQuerySchema);
  return Response.json(encodeQueuePage(await listRecommendations(db, query), query));
});
