import { expect, test } from 'vitest';
import { encodeOutcome, outcomeSchema, refundRequestSchema } from './decision.ts';

const body = { order_id: 'A1', refund_class: 'partial', amount_usd: 4.5, reason: ' It came late ' };

test('a refund is parsed exactly, and the body cannot set who decides', () => {
  const sent = JSON.parse(JSON.stringify({ ...body, decided_by: 'another person', recommendation_id: 7 }));
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

const decision = {
  id: '7',
  kind: 'decision' as const,
  orderId: 'A',
  decidedTs: '2026-01-01T00:00:00.000Z',
  refundClass: 'partial' as const,
  amountCents: 450,
  reason: 'late',
  reasonCode: null,
  decidedBy: 'a@x',
  approvedBy: null,
  supersedesId: null,
};
const approval = {
  id: '8',
  orderId: 'A',
  recommendationId: '3',
  requestedTs: '2026-01-01T00:00:00.000Z',
  requestedBy: 'a@x',
  refundClass: 'full' as const,
  amountCents: 9001,
  reasonCode: 'other',
  reason: 'late',
};

test('what a key has led to comes over the wire as it was', () => {
  for (const outcome of [
    { decision, approval: null },
    { decision: null, approval },
    { decision: null, approval: null },
  ])
    expect(outcomeSchema.parse(JSON.parse(JSON.stringify(encodeOutcome(outcome))))).toEqual(
      outcome.approval ? { ...outcome, approval: { ...approval, status: 'pending_approval' } } : outcome,
    );
  expect(encodeOutcome({})).toEqual({ decision: null, approval: null });
});
