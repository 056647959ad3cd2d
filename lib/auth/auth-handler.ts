import { randomUUID } from 'node:crypto';
import { loadEnv } from '#lib/env.ts';
import { NotFoundError } from '#lib/errors.ts';
import { parseStrictJson } from '#lib/strict-json.ts';
import { assertSameOrigin } from './guard/csrf.ts';
import { describeFailure, failureResponse } from './guard/failures.ts';
import { readText } from './guard/read-input.ts';
import { authenticate } from './identity/authenticate.ts';
import { type ConsoleRuntime, consoleRuntime } from './identity/runtime.ts';
import { finishOidcSignIn, startOidcSignIn } from './oidc/handler.ts';
import { createOidcProvider, type OidcProvider } from './oidc/server.ts';
import { type OidcSettings, readOidcSettings } from './oidc/settings.ts';
import { endOwnSession } from './people/sessions.ts';
import { createPasswordServer, type PasswordServer, REQUEST_HEADER } from './sign-in/password-server.ts';

/** What signing in needs of the process beside what the guards need. */
export type SignInRuntime = ConsoleRuntime & {
  passwordServer: PasswordServer;
  /** A provider to sign in with, if one is configured. */
  provider: OidcProvider | undefined;
};

export function createSignInRuntime(
  runtime: ConsoleRuntime,
  oidcSettings: OidcSettings | undefined,
): SignInRuntime {
  const provider = oidcSettings && createOidcProvider(runtime, oidcSettings);
  return { ...runtime, passwordServer: createPasswordServer(runtime), provider };
}

let runtimeOfProcess: SignInRuntime | undefined;

function signInRuntime(): SignInRuntime {
  runtimeOfProcess ??= createSignInRuntime(consoleRuntime(), readOidcSettings(loadEnv()));
  return runtimeOfProcess;
}

/** Answers `/api/auth/*`. Behind a proxy that signs people in, only the question who is signed in is answered. */
export async function authHandler(
  request: Request,
  getRuntime: () => SignInRuntime = signInRuntime,
): Promise<Response> {
  const requestId = randomUUID();
  const runtime = getRuntime();
  const { log } = runtime;
  const path = new URL(request.url).pathname;
  let response: Response;
  try {
    response = await route(request, runtime, requestId);
    const { status } = response;
    if (status >= 400) log[status >= 500 ? 'warn' : 'info']({ requestId, path, status }, 'refused');
  } catch (error) {
    response = failureResponse(describeFailure(error, requestId, log));
  }
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

/** All endpoints that exist; the many others of the auth library do not. */
async function route(request: Request, runtime: SignInRuntime, requestId: string): Promise<Response> {
  const endpoint = `${request.method} ${new URL(request.url).pathname}`;
  const { provider, trustedProxy } = runtime;
  if (endpoint === 'GET /api/auth/get-session') {
    const identity = await authenticate(runtime, request.headers);
    return Response.json(identity ? { user: identity.person } : null);
  }
  if (endpoint === 'POST /api/auth/sign-in/oidc' && provider)
    return startOidcSignIn({ request, requestId, runtime, provider });
  if (endpoint === 'GET /api/auth/callback/oidc' && provider)
    return finishOidcSignIn({ request, requestId, runtime, provider });
  if (endpoint === 'POST /api/auth/sign-in/email' && !trustedProxy)
    return callPasswordServer(request, runtime, requestId);
  if (endpoint === 'POST /api/auth/sign-out' && !trustedProxy) {
    await signOut(request, runtime, requestId);
    return callPasswordServer(request, runtime, requestId);
  }
  throw new NotFoundError('There is no such endpoint.');
}

async function callPasswordServer(
  request: Request,
  { passwordServer }: SignInRuntime,
  requestId: string,
): Promise<Response> {
  const { url, method } = request;
  const headers = new Headers(request.headers);
  headers.set(REQUEST_HEADER, requestId);
  const body = (await readText(request)) || undefined;
  // The library reads it once more, but less strictly than every other body is read.
  if (body) parseStrictJson(body);
  return passwordServer.handler(new Request(url, { method, headers, body }));
}

/** Ends the session in the name of its person, for the audit. The library only clears the cookies afterwards. */
async function signOut({ headers }: Request, runtime: SignInRuntime, requestId: string): Promise<void> {
  assertSameOrigin(headers, runtime.publicUrl);
  const identity = await authenticate(runtime, headers);
  if (identity) await endOwnSession(runtime.db, identity, requestId);
}
