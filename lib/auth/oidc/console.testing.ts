import { expect } from 'vitest';
import type { TestDatabase } from '#db/testing.ts';
import type { Log } from '#lib/log.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { authHandler } from '../auth-handler.ts';
import { cookieOf, testRuntime } from '../console.testing.ts';
import { getPerson } from '../guard/require-page.ts';
import { createAccount } from '../people/accounts.ts';
import { openTestProvider } from './provider.testing.ts';

export const publicUrl = 'http://console.test:3000';
export const password = 'x'.repeat(20);
const own = { origin: publicUrl, host: 'console.test:3000', 'sec-fetch-site': 'same-origin' };

/** A console with a provider to sign in with, the provider, and a browser. */
export async function openOidcConsole(db: TestDatabase, log?: Log) {
  const provider = await openTestProvider(publicUrl);
  const runtime = testRuntime(db, { publicUrl, oidc: provider.settings, log });
  const invite = (email: string) =>
    createAccount(db.pool, { email, name: 'Ana', role: 'reviewer', password }, new Date());
  /** Invites the nth person, who is then signed in at the provider. @returns their address. */
  async function welcome(n: number): Promise<string> {
    const email = `ana-${n}@example.com`;
    await invite(email);
    provider.person = { sub: `subject-${n}`, email, email_verified: true };
    provider.forgery = undefined;
    provider.asked.length = 0;
    return email;
  }
  return { provider, runtime, invite, welcome, ...browse(runtime) };
}

export function browse(runtime: SignInRuntime) {
  function call(path: string, init: RequestInit = {}): Promise<Response> {
    const given = Object.fromEntries(new Headers(init.headers));
    const headers = { ...own, 'content-type': 'application/json', ...given };
    return authHandler(new Request(`${publicUrl}${path}`, { ...init, headers }), () => runtime);
  }
  function begins(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return call('/api/auth/sign-in/oidc', { method: 'POST', body: JSON.stringify(body), headers });
  }
  /** Goes to the provider, and stops before following its redirect back to the console. */
  async function begin(next = '/', given = '') {
    const answer = await begins({ next }, given ? { cookie: given } : {});
    const { url: page } = (await answer.json()) as { url: string };
    const url = new URL(page);
    const back = await walk(url);
    return { url, back, cookie: [given, cookieOf(answer)].filter(Boolean).join('; ') };
  }
  async function signIn(next = '/', given = '') {
    const { url, back, cookie } = await begin(next, given);
    const headers = { cookie, 'sec-fetch-site': 'cross-site' };
    return { url, back, answer: await call(`${back.pathname}${back.search}`, { headers }) };
  }
  const personOf = (answer: Response) => getPerson(new Headers({ cookie: cookieOf(answer) }), runtime);
  return { call, begins, begin, signIn, personOf };
}

/** The cookies that a browser keeps after a response; cleared ones are left out. */
export function keptOf(answer: Response): string {
  const lines = answer.headers.getSetCookie().filter((line) => !/Max-Age=0/i.test(line));
  return lines.map((line) => line.split(';')[0]).join('; ');
}

/** Expects a redirect to the sign-in page with this failure code, and no session. */
export function expectFailed(answer: Response, failed: string): void {
  const location = new URL(answer.headers.get('location') ?? '', publicUrl);
  expect(location.origin + location.pathname).toBe(`${publicUrl}/sign-in`);
  const request = answer.headers.get('x-request-id');
  expect(Object.fromEntries(location.searchParams)).toMatchObject({ failed, request });
  expect(answer.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]/);
}

/** Follows redirects within the provider until one leads elsewhere. */
async function walk(start: URL): Promise<URL> {
  const jar = new Map<string, string>();
  let current = start;
  while (current.origin === start.origin) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(current, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (!location) throw new Error(`the provider stays at ${current.href}: ${await answer.text()}`);
    current = new URL(location, current);
  }
  return current;
}
