import { AppError, ForbiddenError } from '#lib/errors.ts';

/**
 * Refuses a write that another site could have sent with this browser's cookie: it must be JSON, and the
 * browser must say that it comes from this very site.
 * @throws AppError unsupported_media_type, ForbiddenError.
 */
export function refuseForgery(request: Request, publicUrl: string | undefined): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw new AppError('unsupported_media_type', 'Send the request as application/json.');
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const sameSite = site === null ? origin !== null : site === 'same-origin';
  if (!sameSite || (origin !== null && !isOurs(origin, request.headers.get('host'), publicUrl)))
    throw new ForbiddenError('The request must come from the console itself: send its address as Origin.');
}

function isOurs(origin: string, host: string | null, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  if (publicUrl) return origin === new URL(publicUrl).origin;
  return host !== null && new URL(origin).host === host;
}
