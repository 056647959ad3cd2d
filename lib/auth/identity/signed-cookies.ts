import { createHmac, timingSafeEqual } from 'node:crypto';

/** The cookies of a request. Of two with one name the first wins, as in every browser. */
export function readCookies(headers: Headers): Map<string, string> {
  const pairs = (headers.get('cookie') ?? '').split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const];
  });
  return new Map(pairs.toReversed());
}

/** A text, a dot and the text's HMAC in base64: the format in which the auth library signs its cookies. */
export function signCookie(text: string, secret: string): string {
  return `${text}.${hmac(text, secret)}`;
}

/** The text of a signed, URL-encoded cookie value; undefined if the signature is not ours. */
export function verifyCookie(value: string, secret: string): string | undefined {
  const plain = decode(value);
  const at = plain.lastIndexOf('.');
  if (at <= 0) return undefined;
  const text = plain.slice(0, at);
  const actual = Buffer.from(plain.slice(at + 1));
  const expected = Buffer.from(hmac(text, secret));
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? text : undefined;
}

function hmac(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64');
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
