import { randomUUID } from 'node:crypto';
import { mayActAs, type Role } from '#lib/contract/person.ts';
import { answerFailure } from './answer-failure.ts';
import { auditDenial } from './audit-denial.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { enter } from './enter.ts';
import { identify } from './identify.ts';
import type { Identity } from './identity.ts';
import { limitWrites } from './limit-writes.ts';
import { refuseForgery } from './refuse-forgery.ts';
import type { ApiRequest, RouteContext } from './types.ts';

/** What a route is called with, beside the person. */
export type RouteCall<Params> = { request: ApiRequest; params: Params };
type Work<Params> = (context: RouteContext, call: RouteCall<Params>) => Promise<Response>;
type Handler<Params> = (request: ApiRequest, route: { params: Promise<Params> }) => Promise<Response>;

/**
 * The one way to make a JSON route: the person comes from the session, a token or a trusted proxy and has at
 * least `role`; a write with a session comes from this site as JSON and not too often; every error is answered
 * as `{ error, message, request_id, field?, current? }`; a denial is audited; no cache keeps an answer.
 */
export function guardedRoute<Params = Record<never, string>>(role: Role, fn: Work<Params>): Handler<Params> {
  return (request, route) => runRoute(consoleRuntime(), role, fn, request, route);
}

/** `guardedRoute` on a runtime of the caller's. */
export async function runRoute<Params>(
  runtime: ConsoleRuntime,
  role: Role,
  fn: Work<Params>,
  request: ApiRequest,
  route: { params: Promise<Params> },
): Promise<Response> {
  const requestId = randomUUID();
  let identity: Identity | undefined;
  let response: Response;
  try {
    const isRead = request.method === 'GET';
    // Lists ask again by themselves: reading through the API is no sign of a person.
    identity = await identify(runtime, request.headers, { isActivity: !isRead, isRead });
    refuseForgery(request, runtime.publicUrl, identity?.via);
    const context = enter(runtime, role, identity, requestId);
    if (!isRead) limitWrites(context);
    const isSessionValid = () => mayStillAct(runtime, role, request.headers);
    response = await fn({ ...context, isSessionValid }, { request, params: await route.params });
  } catch (error) {
    const what = `${request.method} ${new URL(request.url).pathname}`;
    await auditDenial(runtime, error, { actor: identity?.person.email, what, requestId });
    response = answerFailure(describeFailure(error, requestId, runtime.log));
  }
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

async function mayStillAct(runtime: ConsoleRuntime, role: Role, headers: Headers): Promise<boolean> {
  const identity = await identify(runtime, headers, { isActivity: false });
  return identity !== undefined && mayActAs(identity.person, role);
}
