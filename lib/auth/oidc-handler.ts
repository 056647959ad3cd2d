import { z } from 'zod';
import { BusyError, NotFoundError } from '#lib/errors.ts';
import { appendAudit } from './append-audit.ts';
import type { ConsoleRuntime } from './console-runtime.ts';
import { PEER_HEADER } from './identity/trusted-proxy';
import { createLimiter } from './limiter.ts';
import { type OidcAttempt, runAttempt } from './oidc-attempt.ts';
import type { OidcSignIn } from './oidc-sign-in.ts';
import { parseInput } from './parse-input.ts';
import { readJson } from './read-json.ts';
import { requireOrigin } from './refuse-forgery.ts';
import { REQUEST_HEADER } from './request-header.ts';
import { safeRedirect } from './safe-redirect.ts';
import { signInFailureOf } from './sign-in-failure.ts';

const startSchema = z.strictObject({ next: z.string().max(4000) });
/** Anybody can call the way back; what they say is bounded in the audit, not in the log. */
const admit = createLimiter({ max: 60, seconds: 60 });

type Call = { request: Request; runtime: ConsoleRuntime; requestId: string };

/**
 * Begins to sign in with the provider: of what the auth library would take, nothing but where to go to afterwards
 * is the client's to say, and that within the console.
 * @returns `{ url }`, the page of the provider to go to.
 */
export async function beginOidc({ request, runtime, requestId }: Call): Promise<Response> {
  const { open } = requireProvider(runtime);
  requireOrigin(request.headers, runtime.publicUrl);
  const { next } = parseInput(startSchema, await readJson(request));
  const back = `/sign-in?to=${Buffer.from(safeRedirect(next)).toString('base64url')}`;
  const body = JSON.stringify({ provider: 'oidc', callbackURL: back, errorCallbackURL: back });
  const asked = toLibrary(request, '/api/auth/sign-in/social', runtime, requestId);
  const answer = await (await open()).handler(new Request(asked, { method: 'POST', body }));
  if (!answer.ok) throw new BusyError('The provider cannot be asked just now. Try again in a moment.');
  const { url } = z.object({ url: z.url() }).parse(await answer.json());
  const response = Response.json({ url });
  copyCookies(answer, response);
  return response;
}

/** Ends it, where the provider leads back to: into the console, or to the sign-in page, which says why not. */
export async function endOidc({ request, runtime, requestId }: Call): Promise<Response> {
  const { open } = requireProvider(runtime);
  const path = `/api/auth/callback/oidc${new URL(request.url).search}`;
  const attempt: OidcAttempt = {};
  const asked = toLibrary(request, path, runtime, requestId);
  // Whoever comes back is a person in front of a page, who can do nothing with an error as JSON.
  const answer = await open().then(
    (server) => runAttempt(attempt, () => server.handler(asked)),
    () => new Response(null, { status: 503 }),
  );
  const place = new URL(answer.headers.get('location') ?? '/sign-in', 'http://console.invalid');
  const next = safeRedirect(Buffer.from(place.searchParams.get('to') ?? '', 'base64url').toString('utf8'));
  if (opensSession(answer)) return redirect(next, answer);
  const reason = place.searchParams.get('error') ?? `status ${answer.status}`;
  await auditFailure({ request, runtime, requestId }, reason, attempt);
  const failed = signInFailureOf(reason);
  return redirect(`/sign-in?${new URLSearchParams({ next, failed, request: requestId })}`, answer);
}

function requireProvider({ oidc }: ConsoleRuntime): OidcSignIn {
  if (!oidc) throw new NotFoundError('There is no such endpoint.');
  return oidc;
}

/** The request as the library knows it, at the address that people type. */
function toLibrary({ headers: given }: Request, path: string, { publicUrl }: ConsoleRuntime, id: string) {
  const headers = new Headers(given);
  headers.delete('content-length');
  headers.set(REQUEST_HEADER, id);
  return new Request(new URL(path, publicUrl), { headers });
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

async function auditFailure(
  { request, runtime, requestId }: Call,
  reason: string,
  { email }: OidcAttempt,
): Promise<void> {
  const ip = request.headers.get(PEER_HEADER);
  runtime.log.warn(
    { requestId, reason: reason.slice(0, 100), email, ip },
    'a sign-in with the provider failed',
  );
  if (admit(ip ?? 'unknown', runtime.clock.now()) !== undefined) return;
  const detail = { method: 'oidc', reason: reason.slice(0, 100), email, ip };
  await appendAudit(runtime.db.pool, { actor: 'nobody', action: 'sign_in_failed', detail, requestId });
}
