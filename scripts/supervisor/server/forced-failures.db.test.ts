import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import { failures, installFailingDatabase, internalDetails } from './forced-failures.testing.ts';
import { serveApi } from './serve-api.ts';

const logged = vi.hoisted(() => [] as string[]);
vi.mock('#lib/log.ts', async (original) => ({
  ...(await original<object>()),
  createLog: () => pino({}, { write: (line: string) => void logged.push(line) }),
}));

let db: TestDatabase;
let server: Server;
let authorization: string;
let failure: Error;
beforeAll(async () => {
  db = await createTestDatabase();
  const admin = { email: 'ada@example.com', role: 'admin' } as const;
  authorization = `Bearer ${await createApiToken(db, admin, { name: 'test', role: 'reviewer', days: 1 })}`;
  installFailingDatabase(db, 'auth.api_tokens', () => failure);
  vi.stubEnv('AUTH_SECRET', 'a-secret-of-the-tests-0123456789abcdef');
  vi.stubEnv('DATABASE_URL', db.url);
  server = createServer((incoming, outgoing) => void serveApi(incoming, outgoing, undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.close();
});

const body = JSON.stringify({ order_id: 'order-1', refund_class: 'none', amount_usd: 0, reason: 'r' });
const routes: [string, string, RequestInit?][] = [
  ['the summary', '/api/summary'],
  ['the brands', '/api/brands'],
  ['the queue', '/api/recommendations?search=order&sort=amount'],
  ['a decision', '/api/refunds', { method: 'POST', body }],
  ['the history', '/api/decisions'],
  ['an export', '/api/decisions/export'],
  ['a timeline', '/api/orders/order-1/events'],
  ['a destination', '/api/orders/order-1/destination'],
  ['the decisions of an order', '/api/orders/order-1/decisions'],
];

test.each(
  routes.flatMap(([route, path, init]) =>
    failures.map(({ what, status, error }) => [route, what, status, path, error, init] as const),
  ),
)('%s reveals nothing of %s but its request id', async (_, _what, status, path, error, init) => {
  failure = error;
  const { port } = server.address() as AddressInfo;
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(`${text}\n${JSON.stringify([...response.headers])}`).not.toMatch(internalDetails);
  const { request_id } = JSON.parse(text) as { request_id: string };
  expect(request_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.headers.get('x-request-id')).toBe(request_id);
  expect(logged.filter((line) => line.includes(request_id))).toHaveLength(1);
});
