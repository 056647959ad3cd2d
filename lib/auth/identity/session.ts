import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import { readCookies, verifyCookie } from './signed-cookies.ts';

/** A session ends after this long without a request. `auth.audit_session_end` has the same limit. */
export const IDLE_MINUTES = 30;

/** The SQL condition that a row of `auth.session` has neither expired nor been idle for too long. */
export const isOpenSession = sql.raw(
  `session.expires_at > now() and session.last_seen_ts > now() - interval '${IDLE_MINUTES} minutes'`,
);

const COOKIE_NAMES = ['__Secure-caspers.session_token', 'caspers.session_token'];

/** The token of a signed session cookie; undefined if there is none or its signature is not ours. */
export function readSessionToken(headers: Headers, secret: string): string | undefined {
  const cookies = readCookies(headers);
  const tokens = COOKIE_NAMES.map((name) => verifyCookie(cookies.get(name) ?? '', secret));
  return tokens.find((token) => token !== undefined);
}

/** What the database stores of a session token, so that a reader of the database cannot sign in with it. */
export function hashSessionToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
