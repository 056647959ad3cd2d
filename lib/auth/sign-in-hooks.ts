import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { auditFailedSignIn } from './audit-failed-sign-in.ts';
import { DEVICE_COOKIE, deviceCookie, readPlace } from './device-cookie.ts';
import { endOldSessions } from './end-old-sessions.ts';
import { countSignIn, forgiveSignIns } from './limit-sign-ins.ts';
import { readSessionCookie } from './read-session-cookie.ts';

export type SignInOptions = {
  db: Database;
  clock: Clock;
  secret: string;
  publicUrl: string | undefined;
};

const SIGN_IN = '/sign-in/email';

/** Limits the tries, keeps failures in the audit, and after a success ends the session that the browser had. */
export function signInHooks({ db, clock, secret, publicUrl }: SignInOptions) {
  return {
    before: createAuthMiddleware(async ({ path, body, headers }) => {
      if (path !== SIGN_IN || typeof body?.email !== 'string') return;
      const place = readPlace(new Headers(headers), body.email, secret);
      const wait = await countSignIn(db.pool, body.email, place, clock.now());
      if (wait !== undefined)
        throw new APIError('TOO_MANY_REQUESTS', { retryAfter: wait }, { 'Retry-After': `${wait}` });
    }),
    after: createAuthMiddleware(async ({ path, body, context, headers, setCookie }) => {
      if (path !== SIGN_IN) return;
      const given = new Headers(headers);
      if (!context.newSession) return auditFailedSignIn(db.pool, String(body?.email).slice(0, 320), given);
      const { email } = context.newSession.user;
      await forgiveSignIns(db.pool, email, readPlace(given, email, secret));
      await endOldSessions(db, email, readSessionCookie(given, secret));
      const { value, maxAge } = deviceCookie(email, secret);
      const secure = publicUrl?.startsWith('https:') ?? false;
      const scope = { path: '/api/auth', httpOnly: true, sameSite: 'lax' } as const;
      setCookie(DEVICE_COOKIE, value, { ...scope, secure, maxAge });
    }),
  };
}
