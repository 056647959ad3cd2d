import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { answerApi } from '#app/api/api.ts';
import type { ApiRequest } from '#lib/auth/routes.ts';
import { emptyPolicy } from '#lib/content-security-policy.ts';
import { securityHeaders } from '#lib/security-headers.ts';

/**
 * Answers a request of the JSON API without Next around it.
 * @returns false where the address is not one of the JSON API, and nothing has been sent.
 */
export async function serveApi(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  publicUrl: string | undefined,
): Promise<boolean> {
  if (!isJsonApi(incoming.url)) return false;
  const response = await answerApi(toRequest(incoming, outgoing));
  await send(response, outgoing, {
    ...securityHeaders(publicUrl),
    'Content-Security-Policy': emptyPolicy,
    ...Object.fromEntries(response.headers),
  });
  // What a route did not read of the body would otherwise precede the next request on this connection.
  incoming.resume();
  return true;
}

/** Signing in is Next's own route (app/api/auth). */
function isJsonApi(url = ''): boolean {
  return url.startsWith('/api/') && !/^\/api\/auth([/?]|$)/.test(url);
}

/**
 * Sends JSON in one write with its headers, and everything else as a stream, during which the browser may disconnect.
 */
async function send(response: Response, outgoing: ServerResponse, headers: Record<string, string>) {
  const hasNoBody = outgoing.req.method === 'HEAD' || response.status === 204;
  if (hasNoBody) {
    outgoing.writeHead(response.status, headers).end();
    return;
  }
  if (!response.body || headers['content-type'] === 'application/json') {
    const text = await response.text();
    outgoing.writeHead(response.status, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text);
    return;
  }
  outgoing.writeHead(response.status, headers).flushHeaders();
  await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing).catch(() => outgoing.destroy());
}

/** Only what a route reads of a request: to build a whole Request costs as much as some routes. */
function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): ApiRequest {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    for (const each of [value ?? []].flat()) headers.append(name, each);
  return {
    method: incoming.method ?? '',
    url: `http://console.invalid${incoming.url}`,
    headers,
    // A route that stops reading in the middle of the body can still answer.
    body: incoming.method === 'POST' ? incoming.iterator({ destroyOnReturn: false }) : null,
    get signal() {
      return untilClosed(outgoing);
    },
  };
}

function untilClosed(outgoing: ServerResponse): AbortSignal {
  const closed = new AbortController();
  outgoing.on('close', () => closed.abort());
  return closed.signal;
}
