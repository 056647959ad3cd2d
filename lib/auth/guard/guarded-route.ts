import { randomUUID } from 'node:crypto';
import type { Database } from '#db/client.ts';
import { mayActAs, type Role } from '#lib/contract/person.ts';
import { messageOf } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { Identity } from '../identity/identity.ts';
import { type ConsoleRuntime, consoleRuntime } from '../identity/runtime.ts';
import { auditDenial, authorize, limitWrites } from './authorize.ts';
import { assertNoCsrf } from './csrf.ts';
import { describeFailure, failureResponse } from './failures.ts';
import type { ApiRequest, RouteContext } from './types.ts';

type RouteFunction = (context: RouteContext, request: ApiRequest) => Promise<Response>;

/**
 * The only way to make a JSON route. Its person, by a session, a token or a trusted proxy, must be allowed to act as `role`.
 * A write must not be forged by another site and not exceed the write limit. Every error is answered as
 * `{ error, message, request_id, field?, current? }`, a denial is audited, and no cache keeps a response.
 */
export function guardedRoute(role: Role, fn: RouteFunction): (request: ApiRequest) => Promise<Response> {
  return (request) => runRoute(consoleRuntime(), role, fn, request);
}

/** `guardedRoute` on a runtime of the caller's. */
export async function runRoute(
  runtime: ConsoleRuntime,
  role: Role,
  fn: RouteFunction,
  request: ApiRequest,
): Promise<Response> {
  const requestId = randomUUID();
  let identity: Identity | undefined;
  let response: Response;
  try {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    // Screens poll lists by themselves, so a read is not an activity of the person.
    identity = await authenticate(runtime, request.headers, { isActivity: !isRead, allowCached: isRead });
    assertNoCsrf(request, runtime.publicUrl, identity?.via);
    const context = authorize(runtime, role, identity, requestId);
    if (!isRead) limitWrites(context);
    const isSessionValid = () => isStillAuthorized(runtime, role, request.headers);
    response = await fn({ ...context, isSessionValid }, request);
  } catch (error) {
    const target = `${request.method} ${new URL(request.url).pathname}`;
    await auditDenial(runtime, error, { actor: identity?.person.email, target, requestId });
    response = failureResponse(describeFailure(error, requestId, runtime.log));
  }
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

async function isStillAuthorized(runtime: ConsoleRuntime, role: Role, headers: Headers): Promise<boolean> {
  const identity = await authenticate(runtime, headers, { isActivity: false });
  return identity !== undefined && mayActAs(identity.person, role);
}

/** A route for what monitors this process. It knows no person, so `fn` must not reveal data of anyone. */
export function systemRoute(fn: (db: Database) => Promise<Response>): () => Promise<Response> {
  return async () => {
    let response: Response;
    try {
      response = await fn(consoleRuntime().db);
    } catch (error) {
      createLog('console', 'error').error({ err: error }, messageOf(error));
      response = Response.json({ ready: false }, { status: 503 });
    }
    response.headers.set('cache-control', 'no-store');
    return response;
  };
}
