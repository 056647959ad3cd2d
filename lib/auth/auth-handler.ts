import { randomUUID } from 'node:crypto';
import { NotFoundError } from '#lib/errors.ts';
import { answerFailure } from './answer-failure.ts';
import { appendAudit } from './append-audit.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { identify } from './identify.ts';
import { readText } from './read-json.ts';

/** What the console needs of the auth library over HTTP; all its other endpoints do not exist. */
const served = new Set(['POST /api/auth/sign-in/email', 'POST /api/auth/sign-out']);

/** Answers /api/auth/*. Where a proxy signs people in, nobody does so here. */
export async function authHandler(
  request: Request,
  runtime: () => ConsoleRuntime = consoleRuntime,
): Promise<Response> {
  const requestId = randomUUID();
  const current = runtime();
  const { log } = current;
  let response: Response;
  try {
    response = await answer(request, current);
    if (!response.ok) log.warn({ requestId, url: request.url, status: response.status }, 'refused');
  } catch (error) {
    response = answerFailure(describeFailure(error, requestId, log));
  }
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

async function answer(request: Request, runtime: ConsoleRuntime): Promise<Response> {
  const { pathname } = new URL(request.url);
  const asked = `${request.method} ${pathname}`;
  if (asked === 'GET /api/auth/get-session') {
    const identity = await identify(runtime, request.headers);
    return Response.json(identity ? { user: identity.person } : null);
  }
  if (!served.has(asked) || runtime.trustedProxy) throw new NotFoundError('There is no such endpoint.');
  const leaving = pathname.endsWith('/sign-out') ? await identify(runtime, request.headers) : undefined;
  const { url, method, headers } = request;
  const body = (await readText(request)) || undefined;
  const response = await runtime.auth.handler(new Request(url, { method, headers, body }));
  if (leaving && response.ok)
    await appendAudit(runtime.db.pool, { actor: leaving.person.email, action: 'sign_out' });
  return response;
}
