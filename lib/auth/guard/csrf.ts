import { AppError, ForbiddenError } from '#lib/errors.ts';
import type { Identity } from '../identity/identity.ts';
import type { ApiRequest } from './types.ts';

/**
 * Rejects a write that another site could have sent with the cookie of this browser: it must be JSON and of the same
 * origin. No site can make a browser send a bearer token, so a token needs no origin.
 * @throws AppError unsupported_media_type, ForbiddenError.
 */
export function assertNoCsrf(
  request: ApiRequest,
  publicUrl: string | undefined,
  via: Identity['via'] | undefined,
): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw new AppError('unsupported_media_type', 'Send the request as application/json.');
  if (via !== 'token') assertSameOrigin(request.headers, publicUrl);
}

/** @throws ForbiddenError unless the request states that it comes from the console itself. */
export function assertSameOrigin(headers: Headers, publicUrl: string | undefined): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isSameSite = site === null ? origin !== null : site === 'same-origin';
  if (!isSameSite || (origin !== null && !isOwnOrigin(origin, headers.get('host'), publicUrl)))
    throw new ForbiddenError('The request must come from the console itself: send its address as Origin.');
}

function isOwnOrigin(origin: string, host: string | null, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  if (publicUrl) return origin === new URL(publicUrl).origin;
  return host !== null && new URL(origin).host === host;
}
