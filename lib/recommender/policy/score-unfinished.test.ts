import { expect, test } from 'vitest';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import { policyV1, policyV2 } from './policies.testing.ts';
import { scoreUnfinished } from './score-unfinished.ts';

const order: DeliveredOrder = {
  orderId: 'A',
  batchId: '1',
  location: 'sf',
  createdTs: '2026-11-20 12:00:00+00',
  createdAt: Date.parse('2026-11-20T12:00:00Z') * 1000,
  lineCount: 1,
  deliveredTs: '2026-11-20 15:00:00+00',
  deliveredAt: Date.parse('2026-11-20T15:00:00Z') * 1000,
  minutes: 180,
  totalCents: 100_000,
  preparationMinutes: null,
};

test('the total is refunded, above any cap, and no scorer may suggest another amount', () => {
  expect(scoreUnfinished(policyV2, order, 'undelivered')).toMatchObject({
    refundClass: 'full',
    refundCents: 100_000,
    bounds: { minCents: 100_000, maxCents: 100_000 },
    evidence: { outcome: 'undelivered', alternatives: [] },
  });
  expect(scoreUnfinished(policyV1, { ...order, minutes: 12.34 }, 'cancelled')?.reason).toBe(
    'Cancelled after 12.3 min. $1,000.00 in full.',
  );
  expect(scoreUnfinished(policyV1, { ...order, totalCents: 0 }, 'undelivered')).toMatchObject({
    refundClass: 'none',
    refundCents: 0,
    reason: "Not delivered within 180 min of being placed. The order's total is $0.00: no refund.",
  });
});

test('a policy says which of these orders it refunds', () => {
  const mild = { ...policyV1, undeliveredAfterMinutes: null, cancelledInFull: false };
  const both = ['undelivered', 'cancelled'] as const;
  expect(both.map((outcome) => scoreUnfinished(policyV1, order, outcome)?.refundClass)).toEqual([
    'full',
    'full',
  ]);
  expect(both.map((outcome) => scoreUnfinished(mild, order, outcome))).toEqual([undefined, undefined]);
});
