import { randomUUID } from 'node:crypto';
import type { Shot } from './hammer.ts';
import { WITH_EVENTS } from './seed-events.ts';

/** Which of the two servers is asked. Both get the same requests, but decide different orders. */
export type Side = 'own' | 'bare';
/** Among four orders: which one a side decides, and which is decided under load. */
const shares = { own: 1, bare: 3, load: 2 };

/** Something that a client asks; `ask` gives the n-th request to a side. */
export type Question = { what: string; ask: (side: Side | 'load', n: number) => Shot };

const QUEUE = '/api/recommendations?include_zero=true';
const PAGES = 100;

/** What is measured, on a queue of `size` orders. */
export function questionsOn(size: number): Question[] {
  const get = (what: string, path: (n: number) => string): Question => ({
    what,
    ask: (_, n) => ({ path: path(n) }),
  });
  const filter = (place: string) => `${QUEUE}&status=pending&location=${place}&refund_class=partial`;
  return [
    get('summary', () => '/api/summary?include_zero=true'),
    get('first page', () => QUEUE),
    get('a page in the middle', (n) => `${QUEUE}&cursor=${cursorAt(size / 2 + (n % PAGES) * 50)}`),
    get('a filtered page', (n) => filter(`place-${(n % 5) * 2}`)),
    get('a filter without a row', () => filter('place-1')),
    get('timeline', (n) => `/api/orders/${orderId(size - (n % WITH_EVENTS))}/events?include_pings=true`),
    { what: 'decision', ask: (side, n) => decide(size - (size % 4) - 4 * n - shares[side]) },
  ];
}

function orderId(n: number): string {
  return `order-${String(Math.floor(n)).padStart(8, '0')}`;
}

function cursorAt(n: number): string {
  const delivered = new Date(Date.parse('2026-01-01T00:40:00Z') + Math.floor(n) * 100_000).toISOString();
  return Buffer.from(JSON.stringify(['newest', delivered, orderId(n)])).toString('base64url');
}

function decide(n: number): Shot {
  return {
    path: '/api/refunds',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ order_id: orderId(n), refund_class: 'none', amount_usd: 0, reason: 'bench' }),
  };
}
