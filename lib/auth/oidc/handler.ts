import { z } from 'zod';
import { BusyError } from '#lib/errors.ts';
import { ANONYMOUS, appendAudit } from '../audit/write-audit.ts';
import { assertSameOrigin } from '../guard/csrf.ts';
import { createRateLimiter } from '../guard/rate-limiter.ts';
import { parseInput, readJson } from '../guard/read-input.ts';
import { safeRedirect } from '../guard/safe-redirect.ts';
import type { ConsoleRuntime } from '../identity/runtime.ts';
import { PEER_HEADER } from '../identity/trusted-proxy.ts';
import { type OidcAttempt, type OidcProvider, recordAttempt } from './server.ts';
import { toSignInFailure } from './sign-in-failures.ts';

type OidcRequest = {
  request: Request;
  requestId: string;
  runtime: ConsoleRuntime;
  provider: OidcProvider;
};

const startSchema = z.strictObject({ next: z.string().max(4000) });

/**
 * Starts a sign-in with the provider. Of what the auth library would accept, a client may choose only where to go
 * afterwards, and only within the console.
 * @returns `{ url }`, the page of the provider to go to.
 */
export async function startOidcSignIn(call: OidcRequest): Promise<Response> {
  const { request, runtime, provider } = call;
  assertSameOrigin(request.headers, runtime.publicUrl);
  const { next } = parseInput(startSchema, await readJson(request));
  const callback = `/sign-in?to=${Buffer.from(safeRedirect(next)).toString('base64url')}`;
  const body = JSON.stringify({ provider: 'oidc', callbackURL: callback, errorCallbackURL: callback });
  const forwarded = new Request(toLibrary(call, '/api/auth/sign-in/social'), { method: 'POST', body });
  const answer = await (await provider.connect()).handler(forwarded);
  if (!answer.ok)
    throw new BusyError(`Signing in with ${provider.name} is unavailable. Try again in a moment.`);
  const { url } = z.object({ url: z.url() }).parse(await answer.json());
  const response = Response.json({ url });
  copyCookies(answer, response);
  return response;
}

/**
 * Finishes a sign-in when the provider redirects back: on into the console, or to the sign-in page with the reason.
 * A person is looking at the page, so every failure is a redirect and none is JSON.
 */
export async function finishOidcSignIn(call: OidcRequest): Promise<Response> {
  const { request, requestId, provider } = call;
  const forwarded = toLibrary(call, `/api/auth/callback/oidc${new URL(request.url).search}`);
  const attempt: OidcAttempt = {};
  const answer = await provider.connect().then(
    (server) => recordAttempt(attempt, () => server.handler(forwarded)),
    () => new Response(null, { status: 503 }),
  );
  const location = new URL(answer.headers.get('location') ?? '/sign-in', 'http://console.invalid');
  const to = Buffer.from(location.searchParams.get('to') ?? '', 'base64url').toString('utf8');
  const next = safeRedirect(to);
  if (opensSession(answer)) return redirect(next, answer);
  const reason = location.searchParams.get('error') ?? `status ${answer.status}`;
  await auditFailure(call, reason.slice(0, 100), attempt);
  const failed = toSignInFailure(reason);
  return redirect(`/sign-in?${new URLSearchParams({ next, failed, request: requestId })}`, answer);
}

/** The request as the auth library expects it, at the address that people type. */
function toLibrary({ request, runtime }: OidcRequest, path: string): Request {
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  return new Request(new URL(path, runtime.publicUrl), { headers });
}

function opensSession(answer: Response): boolean {
  return answer.headers.getSetCookie().some((line) => /^(__Secure-)?caspers\.session_token=[^;]/.test(line));
}

function redirect(location: string, answer: Response): Response {
  const response = new Response(null, { status: 302, headers: { location } });
  copyCookies(answer, response);
  return response;
}

function copyCookies(from: Response, to: Response): void {
  for (const cookie of from.headers.getSetCookie()) to.headers.append('set-cookie', cookie);
}

/** Anyone can call the redirect address, so the audit takes a limited number of failures; the log has all. */
const limitFailures = createRateLimiter({ max: 60, seconds: 60 });

async function auditFailure(
  { request, runtime: { db, clock, log }, requestId }: OidcRequest,
  reason: string,
  { email }: OidcAttempt,
): Promise<void> {
  const ip = request.headers.get(PEER_HEADER);
  log.warn({ requestId, reason, email, ip }, 'a sign-in with the provider failed');
  if (limitFailures(ip ?? 'unknown', clock.now()) !== undefined) return;
  const detail = { method: 'oidc', reason, email, ip };
  await appendAudit(db.pool, { actor: ANONYMOUS, action: 'sign_in_failed', detail, requestId });
}
