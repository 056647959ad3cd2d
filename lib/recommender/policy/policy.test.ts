import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountClassError, evidenceSchema, refundAnswerSchema } from '#lib/contract/refund.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import { chooseBenchmark, countPassedLimits } from './benchmark.ts';
import { computeBounds, computeRefund } from './compute-refund.ts';
import { policyV1, policyV2 } from './policies.testing.ts';
import { scoreOrder } from './score-order.ts';

const second = 1 / 60;
/** P50 30, P75 40 and P99 70 minutes, the tiers' percentiles among them. */
const sample = (size: number) => ({ size, percentiles: [30, 40, 70, 40, 70] });
const order = (change: Partial<DeliveredOrder> = {}): DeliveredOrder => ({
  orderId: 'A',
  batchId: '1',
  location: 'palo_alto',
  createdTs: '2026-11-20T12:00:00Z',
  createdAt: Date.parse('2026-11-20T12:00:00Z') * 1000,
  lineCount: 1,
  deliveredTs: '2026-11-20 12:48:36+00',
  deliveredAt: Date.parse('2026-11-20T12:48:36Z') * 1000,
  minutes: 48.6,
  totalCents: 2450,
  preparationMinutes: 14,
  ...change,
});

test('a second before, at and after P75 and P99', () => {
  const byDay = (minutes: number) =>
    scoreOrder(policyV1, order({ minutes }), chooseBenchmark(policyV1, sample(30), undefined)).evidence
      .refund_percent;
  expect([40 - second, 40, 40 + second].map(byDay)).toEqual([0, 0, 15]);
  expect([70 - second, 70, 70 + second].map(byDay)).toEqual([15, 15, 25]);
});

test('a second before, at and after the grace of five minutes, and after what was promised', () => {
  const percent = (minutes: number, preparationMinutes: number | null) =>
    scoreOrder(
      policyV2,
      order({ minutes, preparationMinutes }),
      chooseBenchmark(policyV2, sample(30), undefined),
    ).evidence.refund_percent;
  expect([45 - second, 45, 45 + second].map((minutes) => percent(minutes, 14))).toEqual([0, 0, 15]);
  expect([75 - second, 75, 75 + second].map((minutes) => percent(minutes, 14))).toEqual([15, 15, 25]);
  expect([55 - second, 55, 55 + second].map((minutes) => percent(minutes, 25))).toEqual([0, 0, 15]);
  expect([80, 80 + second].map((minutes) => percent(minutes, 50))).toEqual([0, 25]);
  expect([45, 45 + second].map((minutes) => percent(minutes, null))).toEqual([0, 15]);
});

test('the trailing day counts from 30 deliveries, then the week, then the service level', () => {
  expect(chooseBenchmark(policyV1, sample(30), undefined)).toMatchObject({
    source: 'trailing_day',
    sampleSize: 30,
  });
  expect(chooseBenchmark(policyV1, sample(29), sample(30))).toMatchObject({
    source: 'trailing_week',
    sampleSize: 30,
  });
  expect(chooseBenchmark(policyV1, sample(3), sample(29))).toEqual({
    source: 'service_level',
    sampleSize: 29,
    p50: null,
    p75: 45,
    p99: 75,
    tierMinutes: [45, 75],
  });
  expect(chooseBenchmark(policyV1, undefined, undefined)).toMatchObject({
    source: 'service_level',
    sampleSize: 0,
  });
});

test('amounts are rounded half up to $0.50, are at least $0.50 and end at the total', () => {
  const amounts = (total: number) =>
    [15, 25].map((percent) => computeRefund(policyV1, percent, total).refundCents);
  expect(amounts(2450)).toEqual([350, 600]);
  expect(amounts(2500)).toEqual([400, 650]);
  expect(amounts(100)).toEqual([50, 50]);
  expect(computeRefund(policyV1, 15, 50)).toMatchObject({ refundClass: 'full', refundCents: 50 });
  expect(computeRefund(policyV1, 25, 30)).toMatchObject({ refundClass: 'full', refundCents: 30 });
  expect(computeRefund(policyV1, 25, 0)).toMatchObject({ refundClass: 'none', refundCents: 0 });
  expect(computeRefund(policyV1, 0, 2450)).toMatchObject({ refundClass: 'none', refundCents: 0 });
  expect(computeRefund(policyV2, 25, 100_000)).toMatchObject({ refundClass: 'partial', refundCents: 4_000 });
});

test('no refund exceeds the total or the cap, and class, amount and bounds always fit', () => {
  const policy = fc.constantFrom(policyV1, policyV2);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 13 }), policy, fc.nat(2), (total, rules, passed) => {
      const percent = passed === 0 ? 0 : (rules.tiers[passed - 1]?.percent ?? 0);
      const { refundClass, refundCents } = computeRefund(rules, percent, total);
      expect(amountClassError(refundClass, refundCents, total)).toBeUndefined();
      expect(refundCents).toBeLessThanOrEqual(rules.capCents ?? total);
      if (refundClass === 'partial') expect(refundCents % rules.roundingCents).toBe(0);
      const { minCents, maxCents } = computeBounds(rules, passed, total);
      expect(minCents).toBeLessThanOrEqual(refundCents);
      expect(maxCents).toBeGreaterThanOrEqual(refundCents);
      expect(maxCents).toBeLessThanOrEqual(total);
    }),
    { numRuns: 1_000 },
  );
});

test('another scorer may choose one tier more or less, and nothing else for an order that is on time', () => {
  expect(computeBounds(policyV1, 0, 2450)).toEqual({ minCents: 0, maxCents: 0 });
  expect(computeBounds(policyV1, 1, 2450)).toEqual({ minCents: 0, maxCents: 600 });
  expect(computeBounds(policyV1, 2, 2450)).toEqual({ minCents: 350, maxCents: 600 });
});

test('a limit that is met is not passed', () => {
  const limits = [40, 70].map((aboveMinutes) => ({ aboveMinutes, percent: 1 }));
  expect([39, 40, 41, 70, 71].map((minutes) => countPassedLimits(minutes, limits))).toEqual([0, 0, 1, 1, 2]);
});

test('the answer and the evidence follow the contract', () => {
  const scored = scoreOrder(policyV1, order(), chooseBenchmark(policyV1, sample(212), undefined));
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
    benchmark_source: 'trailing_day',
    window_from: '2026-11-19T12:48:36.000000Z',
    window_to: '2026-11-20T12:48:36.000000Z',
    sample_size: 212,
    p50_minutes: 30,
    p75_minutes: 40,
    p99_minutes: 70,
    refund_percent: 15,
    grace_minutes: 0,
    promised_minutes: null,
    limits: [
      { above_minutes: 40, refund_percent: 15 },
      { above_minutes: 70, refund_percent: 25 },
    ],
    alternatives: [
      { when: 'within', seconds: 2400, refund_percent: 0, refund_class: 'none', refund_usd: '0.00' },
      { when: 'from', seconds: 4201, refund_percent: 25, refund_class: 'partial', refund_usd: '6.00' },
    ],
  });
});

test('the reason is made of the numbers of the evidence', () => {
  const say = (change: Partial<DeliveredOrder>, size: number) =>
    scoreOrder(policyV1, order(change), chooseBenchmark(policyV1, undefined, sample(size))).reason;
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

test('the reason names grace, promise and cap where they matter', () => {
  const say = (change: Partial<DeliveredOrder>) =>
    scoreOrder(policyV2, order(change), chooseBenchmark(policyV2, sample(30), undefined)).reason;
  expect(say({ minutes: 44.97 })).toBe(
    "Delivered in 44.97 min; 75 % of palo_alto's deliveries in the 24 h before took at most 40.00 min (n = 30), " +
      'and 5 min of grace end at 45.00 min. No refund.',
  );
  expect(say({ minutes: 48.6, preparationMinutes: 25 })).toContain('and 55.0 min were promised. No refund.');
  expect(say({ minutes: 99, totalCents: 30_000 })).toContain(
    'and 5 min of grace end at 75.0 min. ' +
      "25 % of the order's $300.00, to the nearest $0.50 and at least that, at most $40.00, is $40.00.",
  );
});
