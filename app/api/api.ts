import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiRequest } from '#lib/auth/routes.ts';
import { messageOf, ValidationError } from '#lib/errors.ts';
import { dashboardsApi } from './dashboards.ts';
import { decisionsApi } from './decisions.ts';
import { defineRoute } from './define-route.ts';
import { ordersApi } from './orders.ts';
import { queueApi } from './queue.ts';

/** The JSON API: every route with its role, its schemas and its handler. */
const api = new OpenAPIHono({
  defaultHook: (result) => {
    if (result.success) return;
    const [issue] = result.error.issues;
    throw new ValidationError(
      issue?.path.join('.') ?? '',
      issue?.message ?? 'This is not what was asked for.',
    );
  },
})
  .route('/', queueApi)
  .route('/', ordersApi)
  .route('/', decisionsApi)
  .route('/', dashboardsApi);

/** For the client: the routes with the types of their requests and answers. */
export type Api = typeof api;

/** The API in the words of OpenAPI 3.1. */
export function describeApi() {
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Refund Manager',
      version: '1',
      description:
        'Sign in with a session cookie, or as a program with a bearer token of settings. Money is dollars, time is UTC.',
    },
    security: [{ bearer: [] }, { session: [] }],
  });
}

const { openAPIRegistry } = api;
openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
openAPIRegistry.registerComponent('securitySchemes', 'session', {
  type: 'apiKey',
  in: 'cookie',
  name: 'caspers.session_token',
});

const getDescription = defineRoute('viewer', {
  method: 'get',
  path: '/api/openapi',
  hide: true,
  responses: { 200: { description: 'This API, described for programs' } },
});
api.openapi(getDescription, () => Response.json(describeApi()));

const methods = ['GET', 'POST'] as const;

api.notFound((c) => {
  const allowed = methods.filter((method) => api.router.match(method, c.req.path)[0].length > 0);
  if (allowed.length === 0) return refuse(404, 'not_found', 'There is no such address.');
  const allow = ['OPTIONS', ...(allowed.includes('GET') ? ['HEAD'] : []), ...allowed].sort().join(', ');
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  return refuse(405, 'method_not_allowed', `This address takes ${allow}.`, { allow });
});

api.onError((error, c) => {
  // A guarded route answers its failures itself; here is what fails before, such as a wrong environment.
  if (c.get('context' as never)) return c.body(null, 500);
  const requestId = randomUUID();
  process.stderr.write(`request ${requestId}: ${messageOf(error)}\n`);
  return refuse(
    500,
    'internal',
    `Something went wrong on our side. Try again; if it stays, report request ${requestId}.`,
    {},
    requestId,
  );
});

function refuse(
  status: number,
  error: string,
  message: string,
  headers: Record<string, string> = {},
  requestId: string = randomUUID(),
): Response {
  return Response.json(
    { error, message, request_id: requestId },
    { status, headers: { 'cache-control': 'private, no-store', 'x-request-id': requestId, ...headers } },
  );
}

/** Answers a request to the JSON API. */
export async function answerApi(request: ApiRequest): Promise<Response> {
  return api.fetch(request as Request);
}

/** All routes with their handlers, for the tests. */
export const listRoutes = () => api.routes;
