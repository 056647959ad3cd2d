import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { ApiRequest } from '#lib/auth/index.ts';
import { emptyPolicy } from '#lib/content-security-policy.ts';
import { messageOf } from '#lib/errors.ts';
import { securityHeaders } from '#lib/security-headers.ts';
import { apiRoutes, type Params } from './api-routes.ts';

/**
 * Answers a request of the JSON API with the route that Next would call, without the rest of Next around it.
 * @returns false where no route answers it, and nothing has been sent.
 */
export async function serveApi(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  publicUrl: string | undefined,
): Promise<boolean> {
  const found = findRoute(incoming);
  if (!found) return false;
  const call = { params: Promise.resolve(found.params as never) };
  const response = await run(() => found.handler(toRequest(incoming, outgoing), call));
  await send(response, outgoing, {
    ...securityHeaders(publicUrl),
    'Content-Security-Policy': emptyPolicy,
    ...Object.fromEntries(response.headers),
  });
  // What a route did not read of the body stands before the next request of this connection.
  incoming.resume();
  return true;
}

/** Calls a handler, which may throw before it returns a promise. */
async function run(call: () => Promise<Response>): Promise<Response> {
  try {
    return await call();
  } catch (error) {
    return describe(error);
  }
}

/** The guard answers every failure; here is what fails before it, such as an environment that does not hold. */
function describe(error: unknown): Response {
  const requestId = randomUUID();
  process.stderr.write(`request ${requestId}: ${messageOf(error)}\n`);
  const message = `Something went wrong on our side. Try again; if it stays, report request ${requestId}.`;
  return Response.json(
    { error: 'internal', message, request_id: requestId },
    { status: 500, headers: { 'cache-control': 'private, no-store', 'x-request-id': requestId } },
  );
}

/**
 * An answer is sent whole where it is short, headers and text in one write, and as a stream where it says so by
 * itself; a browser may leave meanwhile.
 */
async function send(response: Response, outgoing: ServerResponse, headers: Record<string, string>) {
  if (!response.body || headers['content-type'] === 'application/json') {
    const text = await response.text();
    outgoing.writeHead(response.status, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text);
    return;
  }
  outgoing.writeHead(response.status, headers).flushHeaders();
  await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing).catch(() => outgoing.destroy());
}

function findRoute({ method, url = '' }: IncomingMessage) {
  if ((method !== 'GET' && method !== 'POST') || !url.startsWith('/api/')) return undefined;
  const [path = ''] = url.split('?');
  for (const { pattern, handlers } of apiRoutes) {
    const match = pattern.exec(path);
    const handler = handlers[method];
    const params = match && readParams(match.groups);
    if (handler && params) return { handler, params };
  }
  return undefined;
}

/** What cannot be decoded is left to Next, which refuses it. */
function readParams(groups: Params = {}): Params | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

/** What a route reads of a request; the rest of a Request costs as much as many a route. */
function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): ApiRequest {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  return {
    method: incoming.method ?? '',
    url: `http://console.invalid${incoming.url}`,
    headers,
    // Who stops in the middle can still answer.
    body: incoming.method === 'POST' ? incoming.iterator({ destroyOnReturn: false }) : null,
    get signal() {
      return untilClosed(outgoing);
    },
  };
}

function untilClosed(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  return gone.signal;
}
