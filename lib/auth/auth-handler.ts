import { randomUUID } from 'node:crypto';
import { NotFoundError } from '#lib/errors.ts';
import { answerFailure } from './answer-failure.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { identify } from './identify.ts';
import { beginOidc, endOidc } from './oidc-handler.ts';
import { readText } from './read-json.ts';
import { requireOrigin } from './refuse-forgery.ts';
import { REQUEST_HEADER } from './request-header.ts';
import { signOut } from './sign-out.ts';

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
  const path = new URL(request.url).pathname;
  let response: Response;
  try {
    response = await answer(request, current, requestId);
    if (response.status >= 400) log.warn({ requestId, path, status: response.status }, 'refused');
  } catch (error) {
    response = answerFailure(describeFailure(error, requestId, log));
  }
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

async function answer(request: Request, runtime: ConsoleRuntime, requestId: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  const asked = `${request.method} ${pathname}`;
  if (asked === 'GET /api/auth/get-session') {
    const identity = await identify(runtime, request.headers);
    return Response.json(identity ? { user: identity.person } : null);
  }
  if (asked === 'POST /api/auth/sign-in/oidc') return beginOidc({ request, runtime, requestId });
  if (asked === 'GET /api/auth/callback/oidc') return endOidc({ request, runtime, requestId });
  if (!served.has(asked) || runtime.trustedProxy) throw new NotFoundError('There is no such endpoint.');
  if (pathname.endsWith('/sign-out')) await leave(request, runtime, requestId);
  const { url, method } = request;
  const headers = new Headers(request.headers);
  headers.set(REQUEST_HEADER, requestId);
  const body = (await readText(request)) || undefined;
  return runtime.auth.handler(new Request(url, { method, headers, body }));
}

/** Ends the session in the name of its person, for the audit; the library then takes the cookies back. */
async function leave({ headers }: Request, runtime: ConsoleRuntime, requestId: string): Promise<void> {
  requireOrigin(headers, runtime.publicUrl);
  const leaving = await identify(runtime, headers);
  if (leaving) await signOut(runtime.db, leaving, requestId);
}
