import { randomUUID } from 'node:crypto';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';

/** What the console needs of the auth library over HTTP; all its other endpoints do not exist. */
const served = new Set([
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'GET /api/auth/get-session',
]);

/** Answers /api/auth/*. */
export async function authHandler(
  request: Request,
  runtime: () => Pick<ConsoleRuntime, 'auth' | 'log'> = consoleRuntime,
): Promise<Response> {
  const path = new URL(request.url).pathname;
  if (!served.has(`${request.method} ${path}`))
    return Response.json({ error: 'not_found', message: 'There is no such endpoint.' }, { status: 404 });
  const { auth, log } = runtime();
  const response = await auth.handler(request);
  const requestId = randomUUID();
  if (!response.ok) log.warn({ requestId, path, status: response.status }, 'refused');
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}
