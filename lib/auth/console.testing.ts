import type { Database } from '#db/client.ts';
import { type Clock, systemClock } from '#lib/clock.ts';
import type { Role } from '#lib/contract/person.ts';
import { type Log, silentLog } from '#lib/log.ts';
import type { ConsoleRuntime } from './console-runtime.ts';
import { createAccount } from './create-account.ts';
import { createAuthServer } from './create-auth-server.ts';
import type { TrustedProxy } from './identity/trusted-proxy';
import type { OidcSettings } from './oidc-settings.ts';
import { createOidcSignIn } from './oidc-sign-in.ts';

export const host = 'console.test:3000';
export const origin = `http://${host}`;
const secret = 'a-secret-of-the-tests-0123456789abcdef';

type Given = {
  clock?: Clock;
  publicUrl?: string;
  trustedProxy?: TrustedProxy;
  oidc?: OidcSettings;
  log?: Log;
};

/** A console on a test's database. */
export function testRuntime(
  db: Database,
  { clock = systemClock, publicUrl, trustedProxy, oidc, log = silentLog }: Given = {},
): ConsoleRuntime {
  const options = { db, secret, publicUrl, clock, log };
  const provider = oidc && createOidcSignIn(options, oidc);
  return { ...options, auth: createAuthServer(options), trustedProxy, oidc: provider };
}

/** A request of a browser on a page of the console. */
export function browserRequest(path: string, init: RequestInit = {}): Request {
  const headers = new Headers({ host, origin, 'sec-fetch-site': 'same-origin' });
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  return new Request(`${origin}${path}`, { ...init, headers });
}

/** Sends credentials as the sign-in page does. */
export function postSignIn(runtime: ConsoleRuntime, email: string, password: string): Promise<Response> {
  return runtime.auth.handler(
    browserRequest('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    }),
  );
}

/** Makes a person of a role and signs in. @returns the cookie. */
export async function signInAs(
  runtime: ConsoleRuntime,
  role: Role,
  email = `${role}@example.com`,
): Promise<string> {
  const password = 'correct-horse-battery';
  await createAccount(runtime.db.pool, { email, name: role, role, password }, runtime.clock.now());
  const response = await postSignIn(runtime, email, password);
  return cookieOf(response);
}

export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
}
