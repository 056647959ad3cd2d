import { randomUUID } from 'node:crypto';
import type { LoadRequest } from './http-load.ts';
import { WITH_EVENTS } from './seed-events.ts';

/** The two servers that are compared. Both get the same requests, but decide different orders. */
export type ServerName = 'console' | 'baseline';
type Purpose = ServerName | 'load';
/** Which of four consecutive orders is decided for which purpose. */
const orderOffsets = { console: 1, load: 2, baseline: 3 };

/** A kind of request that clients send; `make` gives the n-th one for a purpose. */
export type RequestKind = { what: string; make: (purpose: Purpose, n: number) => LoadRequest };

const QUEUE = '/api/recommendations?include_zero=true';
const PAGES = 100;

/** The kinds of requests that are measured, on a queue of `size` orders. */
export function requestKinds(size: number): RequestKind[] {
  const get = (what: string, path: (n: number) => string): RequestKind => ({
    what,
    make: (_, n) => ({ path: path(n) }),
  });
  const filter = (location: string) => `${QUEUE}&status=pending&location=${location}&refund_class=partial`;
  return [
    get('summary', () => '/api/summary?include_zero=true'),
    get('first page', () => QUEUE),
    get('a page in the middle', (n) => `${QUEUE}&cursor=${cursorAt(size / 2 + (n % PAGES) * 50)}`),
    get('a filtered page', (n) => filter(`place-${(n % 5) * 2}`)),
    get('a filter without a row', () => filter('place-1')),
    get('timeline', (n) => `/api/orders/${orderId(size - (n % WITH_EVENTS))}/events?include_pings=true`),
    {
      what: 'decision',
      make: (purpose, n) => makeDecision(size - (size % 4) - 4 * n - orderOffsets[purpose]),
    },
  ];
}

function orderId(n: number): string {
  return `order-${String(Math.floor(n)).padStart(8, '0')}`;
}

function cursorAt(n: number): string {
  const delivered = new Date(Date.parse('2026-01-01T00:40:00Z') + Math.floor(n) * 100_000).toISOString();
  return Buffer.from(JSON.stringify(['newest', delivered, orderId(n)])).toString('base64url');
}

function makeDecision(n: number): LoadRequest {
  return {
    path: '/api/refunds',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ order_id: orderId(n), refund_class: 'none', amount_usd: 0, reason: 'bench' }),
  };
}
