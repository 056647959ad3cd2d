import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceSchema, incoherence, refundAnswerSchema } from '#lib/contract/refund.ts';
import { chooseBenchmark, computeRefund, judgeLateness, policyV1 } from './policy.ts';
import { type DeliveredOrder, scoreOrder } from './score-order.ts';

const second = 1 / 60;
const sample = (size: number) => ({ size, p50: 30, p75: 40, p99: 70 });
const order = (change: Partial<DeliveredOrder> = {}): DeliveredOrder => ({
  orderId: 'A',
  batchId: '1',
  location: 'palo_alto',
  createdTs: '2026-11-20T12:00:00Z',
  deliveredTs: '2026-11-20 12:48:36+00',
  deliveredAt: Date.parse('2026-11-20T12:48:36Z') * 1000,
  minutes: 48.6,
  totalCents: 2450,
  ...change,
});

test('a second before, at and after P75 and P99', () => {
  const judge = (minutes: number) => judgeLateness(minutes, { p75: 40, p99: 70 });
  expect([40 - second, 40, 40 + second].map(judge)).toEqual(['on_time', 'on_time', 'late']);
  expect([70 - second, 70, 70 + second].map(judge)).toEqual(['late', 'late', 'very_late']);
});

test('the trailing day counts from 30 deliveries, then the week, then the service level', () => {
  expect(chooseBenchmark(sample(30), undefined)).toMatchObject({ basis: 'trailing_day', sampleSize: 30 });
  expect(chooseBenchmark(sample(29), sample(30))).toMatchObject({ basis: 'trailing_week', sampleSize: 30 });
  expect(chooseBenchmark(sample(3), sample(29))).toEqual({
    basis: 'service_level',
    sampleSize: 29,
    p50: null,
    p75: 45,
    p99: 75,
  });
  expect(chooseBenchmark(undefined, undefined)).toMatchObject({ basis: 'service_level', sampleSize: 0 });
});

test('amounts are rounded half up to $0.50, are at least $0.50 and end at the total', () => {
  const amounts = (total: number) =>
    (['late', 'very_late'] as const).map((lateness) => computeRefund(lateness, total).refundCents);
  expect(amounts(2450)).toEqual([350, 600]);
  expect(amounts(2500)).toEqual([400, 650]);
  expect(amounts(100)).toEqual([50, 50]);
  expect(computeRefund('late', 50)).toMatchObject({ refundClass: 'full', refundCents: 50 });
  expect(computeRefund('very_late', 30)).toMatchObject({ refundClass: 'full', refundCents: 30 });
  expect(computeRefund('very_late', 0)).toMatchObject({ refundClass: 'none', refundCents: 0 });
  expect(computeRefund('on_time', 2450)).toMatchObject({ refundClass: 'none', refundCents: 0 });
});

test('no refund exceeds the total, and class and amount always fit', () => {
  const lateness = fc.constantFrom('on_time' as const, 'late' as const, 'very_late' as const);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 13 }), lateness, (total, how) => {
      const { refundClass, refundCents } = computeRefund(how, total);
      expect(incoherence(refundClass, refundCents, total)).toBeUndefined();
      expect(refundCents).toBeLessThanOrEqual(total);
      if (refundClass === 'partial') expect(refundCents % policyV1.roundingCents).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});

test('the answer and the evidence hold to the contract', () => {
  const scored = scoreOrder(order(), chooseBenchmark(sample(212), undefined));
  expect(refundAnswerSchema.parse(JSON.parse(scored.agentResponse))).toEqual({
    refund_usd: 3.5,
    refund_class: 'partial',
    reason: scored.reason,
  });
  expect(evidenceSchema.parse(scored.evidence)).toEqual({
    policy_version: 'v1',
    delivery_minutes: 48.6,
    order_total_usd: '24.50',
    location: 'palo_alto',
    basis: 'trailing_day',
    window_from: '2026-11-19T12:48:36.000000Z',
    window_to: '2026-11-20T12:48:36.000000Z',
    sample_size: 212,
    p50_minutes: 30,
    p75_minutes: 40,
    p99_minutes: 70,
    refund_percent: 15,
  });
});

test('the reason is made of the numbers of the evidence', () => {
  const say = (change: Partial<DeliveredOrder>, size: number) =>
    scoreOrder(order(change), chooseBenchmark(undefined, sample(size))).reason;
  expect(say({}, 212)).toBe(
    "Delivered in 48.6 min; 75 % of palo_alto's deliveries in the 7 days before took at most 40.0 min (n = 212). " +
      "15 % of the order's $24.50, to the nearest $0.50 and at least that, is $3.50.",
  );
  expect(say({ minutes: 12 }, 5)).toBe(
    'Delivered in 12.0 min; the service level is 45.0 min, which counts because palo_alto had fewer than 30 ' +
      'deliveries in the 7 days before (n = 5). No refund.',
  );
  expect(say({ minutes: 75.0004, location: null }, 5)).toContain(
    'Delivered in 75.0004 min; the service level ends at 75.0000 min, which counts because its location is not known.',
  );
  expect(say({ minutes: 99, totalCents: 40 }, 40)).toContain(
    "25 % of the order's $0.40, at least $0.50, reaches the total: $0.40 in full.",
  );
  expect(say({ minutes: 99, totalCents: 0 }, 40)).toContain("The order's total is $0.00: no refund.");
});
