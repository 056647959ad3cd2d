import type { ConsoleRuntime } from './console-runtime.ts';
import { findByApiToken } from './find-by-api-token.ts';
import { findByProxy } from './find-by-proxy.ts';
import { findBySession } from './find-by-session.ts';
import { hashSessionToken } from './hash-token.ts';
import type { Identity } from './identity.ts';
import { readSessionCookie } from './read-session-cookie.ts';
import { rememberIdentity } from './remember-identities.ts';

type Asked = {
  /** Whether a person has done something, which keeps their session open. */
  isActivity?: boolean;
  /** Whether what was known a second ago is good enough. */
  isRead?: boolean;
};

/**
 * Who a request is from, by exactly one proof: a bearer token where there is one; behind a configured proxy its
 * word, and only its; else the session cookie. Undefined where there is none or it has ended. What is no activity
 * of a person keeps no session open.
 */
export async function identify(
  { db: { pool }, secret, trustedProxy }: Pick<ConsoleRuntime, 'db' | 'secret' | 'trustedProxy'>,
  headers: Headers,
  { isActivity = true, isRead = false }: Asked = {},
): Promise<Identity | undefined> {
  const ask = (proof: string, find: () => Promise<Identity | undefined>) =>
    isRead ? rememberIdentity(pool, proof, find) : find();
  const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined)
    return ask(`token ${hashSessionToken(bearer)}`, () => findByApiToken(pool, bearer));
  if (trustedProxy) {
    if (!trustedProxy(headers)) return undefined;
    return ask(`proxy ${headers.get('x-forwarded-email')}`, () => findByProxy(pool, headers));
  }
  const token = readSessionCookie(headers, secret);
  if (token === undefined) return undefined;
  return ask(`session ${hashSessionToken(token)}`, () => findBySession(pool, token, isActivity));
}
