import fs from 'node:fs';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { emptyPolicy } from '#lib/content-security-policy.ts';
import { toOrderSegment } from '#lib/contract/order-path.ts';
import { silentLog } from '#lib/log.ts';
import { syncContinuously } from '#lib/sync/index.ts';
import { insertRecommendations } from '#lib/sync/recommendations.testing.ts';
import { readLogLine } from '../process/log-line.ts';
import { serveApi } from './serve-api.ts';

let db: TestDatabase;
let server: Server;
let authorization: string;
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  db = await createTestDatabase();
  (globalThis as { caspersDatabase?: TestDatabase }).caspersDatabase = db;
  vi.stubEnv('AUTH_SECRET', 'a-secret-of-the-tests-0123456789abcdef');
  vi.stubEnv('DATABASE_URL', db.url);
  const admin = { email: 'ada@example.com', role: 'admin' } as const;
  authorization = `Bearer ${await createApiToken(db, admin, { name: 'test', role: 'reviewer', days: 1 })}`;
  server = createServer(async (incoming, outgoing) => {
    if (!(await serveApi(incoming, outgoing, undefined))) outgoing.writeHead(299).end('next');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.close();
});

test('a route answers with its guard, its headers and its parameters', async () => {
  const summary = await ask('GET', '/api/summary');
  expect(summary).toMatchObject({ status: 200, headers: { 'content-security-policy': emptyPolicy } });
  expect(summary.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  expect(JSON.parse(summary.body)).toMatchObject({ total_recommendations: 0 });
  expect(await ask('GET', '/api/orders/a%2Fb/decisions')).toMatchObject({
    status: 200,
    body: '{"order_id":"a/b","decisions":[]}',
  });
  for (const orderId of ['.', '..', '~..', '#1', '50%', 'a?b'])
    expect(JSON.parse((await ask('GET', `/api/orders/${toOrderSegment(orderId)}/decisions`)).body)).toEqual({
      order_id: orderId,
      decisions: [],
    });
  expect((await ask('GET', '/api/summary', { authorization: '' })).status).toBe(401);
  const unknown = JSON.stringify({ order_id: 'x', refund_class: 'none', amount_usd: 0, reason: 'r' });
  const headers = { 'content-type': 'application/json' };
  expect((await ask('POST', '/api/refunds', headers, unknown)).status).toBe(404);
  expect((await ask('POST', '/api/refunds', headers, 'x'.repeat(70_000))).status).toBe(413);
});

test('an export and the events of the queue are sent as streams', async () => {
  const csv = await ask('GET', '/api/decisions/export');
  expect(csv).toMatchObject({ status: 200, body: expect.stringMatching(/^decision_id,.*\r\n$/) });
  const forSpreadsheet = await ask('GET', '/api/decisions/export?bom=true');
  expect(forSpreadsheet).toMatchObject({ status: 200, body: `\uFEFF${csv.body}` });
  const { port } = server.address() as AddressInfo;
  const first = await new Promise<string>((resolve, reject) => {
    const outgoing = request({ port, path: '/api/stream', headers: { authorization } }, (response) => {
      response.once('data', (part: Buffer) => {
        resolve(part.toString('utf8'));
        outgoing.destroy();
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
  expect(first).toBe('retry: 2000\n\n');
  await untilListening(0);
});

/** A stream whose browser has disconnected stops listening. */
async function untilListening(count: number): Promise<void> {
  const listening = `select from pg_stat_activity where datname = current_database() and query = 'listen pg_recommendations'`;
  await expect.poll(async () => (await db.pool.query(listening)).rowCount, { timeout: 120_000 }).toBe(count);
}

test('a new recommendation is synced, announced on an open stream and shown in the queue', async () => {
  const stop = new AbortController();
  const options = { clock: systemClock, log: silentLog, signal: stop.signal, sleep, say: () => undefined };
  const syncing = syncContinuously({ source: db, target: db }, options);
  const { port } = server.address() as AddressInfo;
  let received = '';
  const stream = request({ port, path: '/api/stream', headers: { authorization } }, (response) => {
    response.on('data', (part: Buffer) => {
      received += part.toString('utf8');
    });
    response.on('error', () => undefined);
  });
  stream.on('error', () => undefined).end();
  await untilListening(1);
  const now = new Date().toISOString();
  await insertRecommendations(db, [{ orderId: 'just-stored', ts: now, version: 'v1', refund: 3 }]);
  await expect.poll(() => received, { timeout: 120_000 }).toContain('event: recommendations');
  const { body } = await ask('GET', '/api/recommendations?search=just-stored');
  expect(JSON.parse(body)).toMatchObject({ total: 1, items: [{ order_id: 'just-stored' }] });
  stream.destroy();
  stop.abort();
  await syncing;
  await untilListening(0);
});

test.each([
  ['an invisible reason', '{"reason":"\\u200b\\u2060"}', 'reason'],
  ['a reason of a Hangul filler', '{"reason":"\\u3164"}', 'reason'],
  ['half a character', '{"reason":"\\ud83d"}', 'reason'],
  ['half a character where none is read', '{"reason":"r","note":{"by":"\\ude00"}}', 'note.by'],
  ['a value that is given twice', '{"amount_usd":1,"reason":"r","amount_usd":2}', 'amount_usd'],
  ['what is not JSON', '{"amount_usd":1', ''],
])('a decision with %s is refused with 422, and nothing is stored', async (_, text, field) => {
  const fields = { order_id: 'x', refund_class: 'none', amount_usd: 0 };
  const body = text
    .replace('{', `{${JSON.stringify(fields).slice(1, -1)},`)
    .replace(/"amount_usd":0,(?=.*"amount_usd":1)/, '');
  const answer = await ask('POST', '/api/refunds', { 'content-type': 'application/json' }, body);
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    422,
    expect.objectContaining({ error: 'validation', field }),
  ]);
  expect((await db.pool.query('select from refunds.refund_decisions')).rowCount).toBe(0);
});

test('a body that is not UTF-8 is refused with 422', async () => {
  const body = Buffer.concat([
    Buffer.from('{"reason":"'),
    Buffer.from([0xed, 0xa0, 0xbd]),
    Buffer.from('"}'),
  ]);
  const answer = await ask('POST', '/api/refunds', { 'content-type': 'application/json' }, body);
  expect([answer.status, JSON.parse(answer.body).message]).toEqual([
    422,
    'The body of the request is not text in UTF-8.',
  ]);
});

test('mistakes of a client are answered with 4xx and warn no operator', async () => {
  const lines: string[] = [];
  // The log writes to the descriptor itself.
  const { writeSync } = fs;
  const spy = vi.spyOn(fs, 'writeSync').mockImplementation(((fd: number, line: string, ...rest: never[]) => {
    if (fd === 2) lines.push(line);
    return writeSync(fd, line, ...rest);
  }) as typeof fs.writeSync);
  try {
    const json = { 'content-type': 'application/json' };
    const mistakes: [string, string, Record<string, string>?, string?][] = [
      ...['limit=-1', 'limit=1.5', 'limit=x', 'limit=1&limit=2', 'offset=-1', 'cursor=x', 'status=x'].map(
        (query): [string, string] => ['GET', `/api/recommendations?${query}`],
      ),
      ['GET', '/api/decisions?limit=-1'],
      ['GET', '/api/decisions?from=yesterday'],
      ['GET', '/api/decisions/export?bom=maybe'],
      ['GET', '/api/orders/nothing/events'],
      ['GET', '/api/orders/%00/events'],
      ['GET', '/api/orders/%ZZ/events'],
      ['GET', '/api/summary', { authorization: 'Bearer wrong' }],
      ['DELETE', '/api/summary'],
      ['POST', '/api/refunds', json, '['],
      ['POST', '/api/refunds', json, '[]'],
      ['POST', '/api/refunds', json, 'null'],
      ['POST', '/api/refunds', { 'content-type': 'text/plain' }, '{}'],
      ['POST', '/api/refunds', { ...json, 'idempotency-key': 'short' }, '{}'],
    ];
    for (const [method, path, headers, body] of mistakes) {
      const { status } = await ask(method, path, headers, body);
      expect(`${method} ${path} ${Math.floor(status / 100)}xx`).toBe(`${method} ${path} 4xx`);
    }
  } finally {
    spy.mockRestore();
  }
  expect(lines.join('')).toContain('"code":"validation"');
  expect(lines.filter((line) => readLogLine(line).isProblem || !line.startsWith('{'))).toEqual([]);
});

test('responses have a length and keep the connection open, even where a body was not read to its end', async () => {
  const answers = await Promise.all([
    ask('GET', '/api/summary'),
    ask('POST', '/api/refunds', { 'content-type': 'application/json' }, 'x'.repeat(300_000)),
    ask('POST', '/api/refunds', { 'content-type': 'text/plain' }, 'x'.repeat(300_000)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 413, 415]);
  for (const { headers, body } of answers)
    expect(headers).toMatchObject({
      connection: 'keep-alive',
      'content-length': `${Buffer.byteLength(body)}`,
    });
});

test('a client has at most ten streams: an eleventh closes the oldest one', async () => {
  const admin = { email: 'ada@example.com', role: 'admin' } as const;
  const other = await createApiToken(db, admin, { name: 'other', role: 'viewer', days: 1 });
  const ended: string[] = [];
  const listen = async (name: string, headers: Record<string, string>) => {
    const { port } = server.address() as AddressInfo;
    const left = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/api/stream`, { headers, signal: left.signal });
    const received = response.text().then(
      (all) => ended.push(`${name} ${all.includes('event: ended')}`),
      () => undefined,
    );
    return { leave: () => left.abort(), received };
  };
  const streams = [await listen('stranger', { authorization: `Bearer ${other}` })];
  for (let n = 1; n <= 12; n++) streams.push(await listen(`${n}`, { authorization }));
  await expect.poll(() => ended, { timeout: 120_000 }).toEqual(['1 true', '2 true']);
  for (const { leave } of streams) leave();
  await Promise.all(streams.map(({ received }) => received));
  expect(ended).toEqual(['1 true', '2 true']);
});

test.each([
  ['GET', '/api/nothing', 404],
  ['DELETE', '/api/summary', 405],
  ['POST', '/api/summary', 405],
  ['GET', '/api/summary/', 404],
  ['GET', '/api/orders/%ZZ/events', 404],
  ['GET', '/api/orders/a/b/events', 404],
  ['POST', '/api/auth/sign-in/email', 299],
  ['GET', '/api/auth', 299],
  ['GET', '/refunds', 299],
])('%s %s is answered with %i; 299 is Next', async (method, path, status) => {
  expect((await ask(method, path)).status).toBe(status);
});

test('HEAD answers with the headers of GET, OPTIONS with the methods', async () => {
  const head = await ask('HEAD', '/api/summary');
  expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-type': 'application/json' } });
  expect((await ask('HEAD', '/api/summary', { authorization: '' })).status).toBe(401);
  const options = await ask('OPTIONS', '/api/refunds', { authorization: '' });
  expect(options).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS, POST' } });
});

type Answer = { status: number; headers: Record<string, unknown>; body: string };

function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, method, path, agent, headers: { authorization, ...headers } },
      (response) => {
        // As text it would lose a byte order mark.
        buffer(response).then(
          (all) =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all.toString() }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
