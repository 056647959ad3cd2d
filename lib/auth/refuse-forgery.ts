import { AppError, ForbiddenError } from '#lib/errors.ts';
import type { Identity } from './identity.ts';
import type { ApiRequest } from './types.ts';

/**
 * Refuses a write that another site could have sent with this browser's cookie: it must be JSON, and the
 * browser must say that it comes from this very site. A bearer token is no cookie: no site can send it.
 * @throws AppError unsupported_media_type, ForbiddenError.
 */
export function refuseForgery(
  request: ApiRequest,
  publicUrl: string | undefined,
  via: Identity['via'] | undefined,
): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw new AppError('unsupported_media_type', 'Send the request as application/json.');
  if (via !== 'token') requireOrigin(request.headers, publicUrl);
}

/** @throws ForbiddenError where a request does not say that it comes from the console itself. */
export function requireOrigin(headers: Headers, publicUrl: string | undefined): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const sameSite = site === null ? origin !== null : site === 'same-origin';
  if (!sameSite || (origin !== null && !isOurs(origin, headers.get('host'), publicUrl)))
    throw new ForbiddenError('The request must come from the console itself: send its address as Origin.');
}

function isOurs(origin: string, host: string | null, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  if (publicUrl) return origin === new URL(publicUrl).origin;
  return host !== null && new URL(origin).host === host;
}
