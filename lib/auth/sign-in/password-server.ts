import { APIError, createAuthMiddleware } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';
import { boolean, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { ANONYMOUS, appendAudit } from '../audit/write-audit.ts';
import { readSessionToken } from '../identity/session.ts';
import { PEER_HEADER } from '../identity/trusted-proxy.ts';
import { endPreviousSession } from '../people/sessions.ts';
import { type AuthServerOptions, authOptions, isHttps, rateLimitPer } from './auth-options.ts';
import {
  countAttempt,
  createDeviceCookie,
  DEVICE_COOKIE,
  forgiveAttempts,
  readSignInOrigin,
} from './sign-in-attempts.ts';

const SIGN_IN = '/sign-in/email';
/** Carries the id of a request to the hooks below. `authHandler` overwrites what a client sends. */
export const REQUEST_HEADER = 'x-request-id';

export type PasswordServer = ReturnType<typeof createPasswordServer>;

/** Signs in people who have an account, by e-mail and password. Accounts cannot be created over HTTP. */
export function createPasswordServer(options: AuthServerOptions) {
  return betterAuth({
    ...authOptions(options, 'password'),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12 },
    account: { accountLinking: { enabled: false } },
    rateLimit: rateLimitPer(SIGN_IN),
    hooks: signInHooks(options),
  });
}

/** Limits the attempts and audits failures; after a success ends the previous session of the browser. */
function signInHooks({ db, clock, secret, publicUrl }: AuthServerOptions) {
  return {
    before: createAuthMiddleware(async ({ path, body, headers }) => {
      if (path !== SIGN_IN || typeof body?.email !== 'string') return;
      const origin = readSignInOrigin(new Headers(headers), body.email, secret);
      const wait = await countAttempt(db.pool, body.email, origin, clock.now());
      if (wait !== undefined)
        throw new APIError('TOO_MANY_REQUESTS', { retryAfter: wait }, { 'Retry-After': `${wait}` });
    }),
    after: createAuthMiddleware(async ({ path, body, context, headers, setCookie }) => {
      if (path !== SIGN_IN) return;
      const requestHeaders = new Headers(headers);
      if (!context.newSession)
        return auditFailure(db.pool, String(body?.email).slice(0, 320), requestHeaders);
      const { email } = context.newSession.user;
      await forgiveAttempts(db.pool, email, readSignInOrigin(requestHeaders, email, secret));
      await endPreviousSession(db, email, readSessionToken(requestHeaders, secret));
      const { value, maxAge } = createDeviceCookie(email, secret);
      const scope = { path: '/api/auth', httpOnly: true, sameSite: 'lax' } as const;
      setCookie(DEVICE_COOKIE, value, { ...scope, secure: isHttps(publicUrl), maxAge });
    }),
  };
}

const findDisabled = statement({
  params: { email: text },
  returns: { isDisabled: boolean },
  sql: ({ email }) => sql`
    select disabled_at is not null as is_disabled from auth."user" where email = lower(${email})`,
});

/** Audits a failed sign-in with its origin and the reason, which the person is not shown. */
async function auditFailure(pool: Pool, email: string, headers: Headers): Promise<void> {
  const [person] = await findDisabled(pool, { email });
  const reason = person ? (person.isDisabled ? 'disabled' : 'wrong_password') : 'unknown';
  await appendAudit(pool, {
    actor: ANONYMOUS,
    action: 'sign_in_failed',
    detail: { method: 'password', email, reason, ip: headers.get(PEER_HEADER) },
    requestId: headers.get(REQUEST_HEADER) ?? undefined,
  });
}
