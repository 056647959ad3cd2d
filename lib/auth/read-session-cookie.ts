import { createHmac, timingSafeEqual } from 'node:crypto';

const NAMES = ['__Secure-caspers.session_token', 'caspers.session_token'];

/** The token that a signed session cookie carries; undefined where there is none or its signature is not ours. */
export function readSessionCookie(headers: Headers, secret: string): string | undefined {
  const cookies = readCookies(headers.get('cookie') ?? '');
  for (const name of NAMES) {
    const token = verify(cookies.get(name) ?? '', secret);
    if (token) return token;
  }
  return undefined;
}

/** The cookies of a request; of two with one name the first counts, as in every browser. */
export function readCookies(header: string): Map<string, string> {
  const pairs = header.split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const];
  });
  return new Map(pairs.toReversed());
}

/** `value` is a text, a dot and the HMAC of the text in base64, all encoded for a cookie. */
export function verify(value: string, secret: string): string | undefined {
  const plain = decode(value);
  const at = plain.lastIndexOf('.');
  if (at <= 0) return undefined;
  const given = Buffer.from(plain.slice(at + 1));
  const expected = Buffer.from(sign(plain.slice(0, at), secret));
  const holds = given.length === expected.length && timingSafeEqual(given, expected);
  return holds ? plain.slice(0, at) : undefined;
}

export function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
