import { createHash, randomBytes } from 'node:crypto';
import { PEER_HEADER } from './identity/trusted-proxy';
import type { Place } from './limit-sign-ins.ts';
import { readCookies, sign, verify } from './read-session-cookie.ts';

export const DEVICE_COOKIE = 'caspers.device';
const KNOWN_SECONDS = 180 * 24 * 60 * 60;

/** Where a try to sign in comes from: a browser with our mark for this very account, or the peer's address. */
export function readPlace(headers: Headers, email: string, secret: string): Place {
  const value = readCookies(headers.get('cookie') ?? '').get(DEVICE_COOKIE) ?? '';
  const [device, account] = verify(value, secret)?.split(' ') ?? [];
  if (device && account === accountOf(email)) return { device };
  return { address: headers.get(PEER_HEADER) ?? 'unknown' };
}

/** The mark that a browser gets when it signs in to an account; it proves nothing but that. */
export function deviceCookie(email: string, secret: string): { value: string; maxAge: number } {
  const text = `${randomBytes(16).toString('base64url')} ${accountOf(email)}`;
  return { value: `${text}.${sign(text, secret)}`, maxAge: KNOWN_SECONDS };
}

function accountOf(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);
}
