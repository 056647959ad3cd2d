import type { Database } from '#db/client.ts';
import { type Clock, systemClock } from '#lib/clock.ts';
import type { Role } from '#lib/contract/person.ts';
import { type Log, silentLog } from '#lib/log.ts';
import { createSignInRuntime, type SignInRuntime } from './auth-handler.ts';
import type { TrustedProxy } from './identity/trusted-proxy.ts';
import type { OidcSettings } from './oidc/settings.ts';
import { createAccount } from './people/accounts.ts';

export const host = 'console.test:3000';
export const origin = `http://${host}`;
const secret = 'a-secret-of-the-tests-0123456789abcdef';

type TestRuntimeOptions = {
  clock?: Clock;
  publicUrl?: string;
  trustedProxy?: TrustedProxy;
  oidc?: OidcSettings;
  log?: Log;
};

/** A console on the database of a test. */
export function testRuntime(
  db: Database,
  { clock = systemClock, publicUrl, trustedProxy, oidc, log = silentLog }: TestRuntimeOptions = {},
): SignInRuntime {
  return createSignInRuntime({ db, secret, publicUrl, clock, log, trustedProxy }, oidc);
}

/** A request of a browser on a page of the console. */
export function browserRequest(path: string, init: RequestInit = {}): Request {
  const headers = new Headers({ host, origin, 'sec-fetch-site': 'same-origin' });
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  return new Request(`${origin}${path}`, { ...init, headers });
}

/** Sends credentials as the sign-in page does. */
export function postSignIn(runtime: SignInRuntime, email: string, password: string): Promise<Response> {
  return runtime.passwordServer.handler(
    browserRequest('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    }),
  );
}

/** Creates a person with a role and signs them in. @returns the cookie. */
export async function signInAs(
  runtime: SignInRuntime,
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
