import { consoleRuntime } from './console-runtime.ts';

/** What the console needs of the auth library over HTTP; all its other endpoints do not exist. */
const served = new Set([
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'GET /api/auth/get-session',
]);

/** Answers /api/auth/*. */
export async function authHandler(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!served.has(`${request.method} ${pathname}`))
    return Response.json({ error: 'not_found', message: 'There is no such endpoint.' }, { status: 404 });
  const response = await consoleRuntime().auth.handler(request);
  response.headers.set('cache-control', 'private, no-store');
  return response;
}
