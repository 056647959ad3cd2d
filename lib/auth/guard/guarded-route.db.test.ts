import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { type Role, roles } from '#lib/contract/person.ts';
import { BusyError, ConflictError, NotFoundError, ValidationError } from '#lib/errors.ts';
import type { SignInRuntime } from '../auth-handler.ts';
import { browserRequest, signInAs, testRuntime } from '../console.testing.ts';
import { runRoute } from './guarded-route.ts';
import { readJson } from './read-input.ts';

let db: TestDatabase;
let runtime: SignInRuntime;
let cookies: Record<string, string>;
beforeAll(async () => {
  db = await createTestDatabase();
  runtime = testRuntime(db);
  const signedIn = await Promise.all(
    roles.map(async (role) => [role, await signInAs(runtime, role)] as const),
  );
  cookies = Object.fromEntries(signedIn);
});
afterAll(() => db.close());

const admitted: Record<Role, readonly Role[]> = {
  viewer: ['viewer', 'reviewer', 'lead', 'engineer', 'admin'],
  reviewer: ['reviewer', 'lead', 'admin'],
  lead: ['lead', 'admin'],
  engineer: ['engineer', 'admin'],
  admin: ['admin'],
};

const matrix = roles.flatMap((needed) =>
  [undefined, ...roles].map((role) => {
    const enough = role !== undefined && admitted[needed].includes(role);
    return [needed, role ?? 'anonymous', enough ? 200 : role ? 403 : 401] as const;
  }),
);

test.each(matrix)('a route for %s answers %s with %i', async (needed, role, status) => {
  const request = browserRequest('/api/x', { headers: { cookie: cookies[role] ?? '' } });
  const response = await runRoute(runtime, needed, async ({ person }) => Response.json(person), request);
  expect(response.status).toBe(status);
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  [new ValidationError('amount_usd', 'Too much.'), 422, { error: 'validation', field: 'amount_usd' }],
  [new NotFoundError('No such order.'), 404, { error: 'not_found' }],
  [new ConflictError('already_decided', 'Taken.', { id: 1 }), 409, { current: { id: 1 } }],
  [new ConflictError('idempotency_key_reused', 'Used.', null), 422, { error: 'idempotency_key_reused' }],
  [new BusyError('Try again.'), 503, { error: 'busy', message: 'Try again.' }],
  [new Error('password=hunter2 at 10.0.0.1'), 500, { error: 'internal' }],
])('%s is answered with %i', async (error, status, body) => {
  const response = await call({}, () => Promise.reject(error));
  expect(response.status).toBe(status);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ ...body, request_id: response.headers.get('x-request-id') });
  expect(text).not.toContain('hunter2');
});

const json = { 'content-type': 'application/json' };
test.each([
  ['from the console itself', json, 200],
  ['with a charset', { 'content-type': 'application/json; charset=utf-8' }, 200],
  ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['as plain text', { 'content-type': 'text/plain' }, 415],
  ['from another site', { ...json, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['from a sibling site', { ...json, 'sec-fetch-site': 'same-site' }, 403],
  ['from another port', { ...json, origin: 'http://console.test:3001' }, 403],
  ['from an opaque origin', { ...json, origin: 'null' }, 403],
  ['by a typed address', { ...json, 'sec-fetch-site': 'none' }, 403],
])('a write %s is answered with %i', async (_, headers, status) => {
  const response = await call({ method: 'POST', body: '{}', headers });
  expect(response.status).toBe(status);
});

test('a write with a cookie but without an origin is refused', async () => {
  const post = (headers: Record<string, string>) => {
    const request = new Request('http://console.test:3000/api/x', { method: 'POST', body: '{}', headers });
    return runRoute(runtime, 'reviewer', ok, request);
  };
  const base = { ...json, cookie: cookies.reviewer ?? '', host: 'console.test:3000' };
  expect((await post(base)).status).toBe(403);
  expect((await post({ ...base, origin: 'http://console.test:3000' })).status).toBe(200);
});

test.each([
  ['too long', JSON.stringify({ text: 'x'.repeat(70_000) }), 413],
  ['truncated', '{"a":', 422],
  ['not JSON', '<a/>', 422],
])('a body that is %s is refused', async (_, body, status) => {
  const response = await call({ method: 'POST', body, headers: json }, async (_, request) =>
    Response.json(await readJson(request)),
  );
  expect(response.status).toBe(status);
});

const ok = async () => Response.json({});

function call(init: RequestInit, work: Parameters<typeof runRoute>[2] = ok): Promise<Response> {
  const headers = { cookie: cookies.reviewer ?? '', ...Object.fromEntries(new Headers(init.headers)) };
  return runRoute(runtime, 'reviewer', work, browserRequest('/api/x', { ...init, headers }));
}

test('reading through the API does not keep the session open, writing does', async () => {
  const seen = async () => {
    const { rows } = await db.pool.query<{ quiet: boolean }>(
      `select max(last_seen_ts) < now() - interval '20 minutes' as quiet from auth.session`,
    );
    return rows[0]?.quiet;
  };
  await db.pool.query(`update auth.session set last_seen_ts = now() - interval '25 minutes'`);
  expect((await call({ method: 'HEAD' })).status).toBe(200);
  expect((await call({ method: 'GET' })).status).toBe(200);
  expect(await seen()).toBe(true);
  const headers = { 'content-type': 'application/json' };
  expect((await call({ method: 'POST', body: '{}', headers })).status).toBe(200);
  expect(await seen()).toBe(false);
});
