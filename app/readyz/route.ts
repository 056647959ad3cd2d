import { systemRoute } from '#lib/auth/routes.ts';
import { checkReadiness } from '#lib/health/index.ts';

/** 200 where the console can work, 503 where it cannot, with what was checked. */
export const GET = systemRoute(async (db) => {
  const readiness = await checkReadiness(db);
  return Response.json(readiness, { status: readiness.ready ? 200 : 503 });
});

export const dynamic = 'force-dynamic';
