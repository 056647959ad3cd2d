import type { ConsoleRuntime } from './console-runtime.ts';
import { findByApiToken } from './find-by-api-token.ts';
import { findByProxy } from './find-by-proxy.ts';
import { findBySession } from './find-by-session.ts';
import type { Identity } from './identity.ts';
import { readSessionCookie } from './read-session-cookie.ts';

/**
 * Who a request is from, by exactly one proof: a bearer token where there is one; behind a configured proxy its
 * word, and only its; else the session cookie. Undefined where there is none or it has ended. What is no activity
 * of a person keeps no session open.
 */
export async function identify(
  { db, secret, trustedProxy }: Pick<ConsoleRuntime, 'db' | 'secret' | 'trustedProxy'>,
  headers: Headers,
  { isActivity = true }: { isActivity?: boolean } = {},
): Promise<Identity | undefined> {
  const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) return findByApiToken(db.pool, bearer);
  if (trustedProxy) return trustedProxy(headers) ? findByProxy(db.pool, headers) : undefined;
  const token = readSessionCookie(headers, secret);
  return token === undefined ? undefined : findBySession(db.pool, token, isActivity);
}
