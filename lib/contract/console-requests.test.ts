import { expect, test } from 'vitest';
import { encodeSearch } from './codec.ts';
import { refundRequestSchema } from './console-requests.ts';
import { queueQuerySchema } from './queue.ts';

const body = { order_id: 'A1', refund_class: 'partial', amount_usd: 4.5, reason: ' It came late ' };

test('a refund is read exactly, and who sends it cannot say who decides', () => {
  const sent = JSON.parse(JSON.stringify({ ...body, decided_by: 'somebody', recommendation_id: 7 }));
  expect(refundRequestSchema.parse(sent)).toEqual({
    orderId: 'A1',
    recommendationId: '7',
    refundClass: 'partial',
    amountUsd: '4.5',
    reason: 'It came late',
    reasonCode: 'other',
  });
});

test.each([
  ['a string', '"4.50"'],
  ['a fraction of a cent', '4.505'],
  ['less than a cent', '1e-7'],
  ['a huge number', '1e21'],
  ['beyond all numbers', '1e999'],
  ['minus nothing', '-0'],
  ['a negative number', '-1'],
  ['null', 'null'],
  ['a list', '[4.5]'],
  ['true', 'true'],
])('an amount that is %s is refused', (_, text) => {
  const sent = JSON.parse(JSON.stringify(body).replace('4.5', text));
  expect(refundRequestSchema.safeParse(sent).success).toBe(false);
});

test.each([
  ['an empty reason', { reason: '  ' }],
  ['a reason with a null byte', { reason: 'a\0b' }],
  ['a long reason', { reason: 'x'.repeat(1001) }],
  ['an unknown class', { refund_class: 'error' }],
  ['a list for an order', { order_id: ['A1'] }],
  ['a number that is no recommendation', { recommendation_id: 1.5 }],
])('%s is refused', (_, change) => {
  expect(refundRequestSchema.safeParse({ ...body, ...change }).success).toBe(false);
});

test('a query of the queue comes through an address as it was', () => {
  const query = {
    status: 'pending',
    refundClass: 'unanswered',
    location: 'sf & co',
    includeZero: false,
    source: 'agent',
    brand: 7,
    minUsd: '4.50',
    maxUsd: '1000',
    minMinutes: 30.5,
    olderThanMinutes: 60,
    assignee: 'ana@example.com',
    search: 'A_%',
    sort: 'amount',
    cursor: 'abc',
    limit: 25,
    offset: 0,
  } as const;
  expect(queueQuerySchema.parse(Object.fromEntries(encodeSearch(queueQuerySchema, query)))).toEqual(query);
});

test.each([
  'limit=0',
  'limit=-1',
  'limit=201',
  'limit=x',
  'offset=100001',
  'offset=-1',
  'offset=50&cursor=abc',
  'sort=reason',
  'status=x',
  'location=%00',
  'brand=1.5',
  'min_usd=1e3',
  'min_usd=-1',
  'search=%00',
  'source=model',
])('the query %s is refused', (text) => {
  expect(queueQuerySchema.safeParse(Object.fromEntries(new URLSearchParams(text))).success).toBe(false);
});
