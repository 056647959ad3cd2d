import { type NextRequest, NextResponse } from 'next/server';
import { pagePolicy } from '#lib/content-security-policy.ts';

const development = process.env.NODE_ENV === 'development';

/**
 * Gives every page a content security policy with its own nonce, which Next puts on its scripts. It does not check who
 * may see what: each page, action and route has its own guard.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = pagePolicy(nonce, development);
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.delete('x-nonce');
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

/** Pages only. Everything else has a policy that allows nothing, from next.config.ts. */
export const config = { matcher: ['/((?!api/|_next/|healthz|readyz|icon.svg).*)'] };
