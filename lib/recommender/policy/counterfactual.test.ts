import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeAlternatives, type Evidence } from '#lib/contract/refund.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import type { Benchmark } from './benchmark.ts';
import { policyV1, policyV2 } from './policies.testing.ts';
import type { Policy } from './rules.ts';
import { scoreOrder } from './score-order.ts';

const minutes = fc.double({ noNaN: true, min: 0.1, max: 120 });
const cases = fc.record({
  policy: fc.constantFrom(policyV1, policyV2, onlyOneTier(policyV1)),
  p75: minutes,
  above: fc.oneof(fc.constant(0), fc.double({ noNaN: true, min: 0, max: 60 })),
  took: fc.oneof(minutes, fc.constant('p75'), fc.constant('p99')),
  totalCents: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 300, max: 40_000 })),
  preparationMinutes: fc.option(fc.integer({ min: 4, max: 40 })),
});

test('an order delivered at the second of an alternative gets its amount, and a second beside it does not', () => {
  let stated = 0;
  fc.assert(
    fc.property(cases, (drawn) => {
      const { order, benchmark } = arrange(drawn);
      const scored = scoreOrder(drawn.policy, order, benchmark);
      for (const { when, seconds, refund_class, refund_usd } of scored.evidence.alternatives ?? []) {
        const answerAt = (second: number) => {
          const other = scoreOrder(drawn.policy, { ...order, minutes: second / 60 }, benchmark);
          return [other.refundClass, (other.refundCents / 100).toFixed(2)];
        };
        stated += 1;
        expect(answerAt(seconds)).toEqual([refund_class, refund_usd]);
        expect(answerAt(when === 'within' ? seconds + 1 : seconds - 1)).not.toEqual([
          refund_class,
          refund_usd,
        ]);
        expect([refund_class, refund_usd]).not.toEqual([
          scored.refundClass,
          (scored.refundCents / 100).toFixed(2),
        ]);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(stated).toBeGreaterThan(2_000);
});

test('the answer of any second is the one that the order got or one of the alternatives', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 0, max: 15_000 }), (drawn, second) => {
      const { order, benchmark } = arrange(drawn);
      const { refundClass, refundCents, evidence } = scoreOrder(drawn.policy, order, benchmark);
      const other = scoreOrder(drawn.policy, { ...order, minutes: second / 60 }, benchmark);
      const known = (evidence.alternatives ?? []).map(({ refund_class, refund_usd }) => [
        refund_class,
        refund_usd,
      ]);
      const own = [refundClass, (refundCents / 100).toFixed(2)];
      expect([own, ...known]).toContainEqual([other.refundClass, (other.refundCents / 100).toFixed(2)]);
    }),
    { numRuns: 2_000 },
  );
});

test('alternatives are described in minutes and seconds', () => {
  const alternatives: Evidence['alternatives'] = [
    { when: 'within', seconds: 1902, refund_percent: 0, refund_class: 'none', refund_usd: '0.00' },
    { when: 'from', seconds: 2341, refund_percent: 25, refund_class: 'partial', refund_usd: '6.00' },
  ];
  expect(describeAlternatives({ alternatives })).toBe(
    'no refund within 31 min 42 s; $6.00 (25 %) from 39 min 1 s',
  );
  expect(describeAlternatives({})).toBe('');
});

function onlyOneTier(policy: Policy): Policy {
  return { ...policy, version: 'one', tiers: policy.tiers.slice(0, 1), minimumCents: 0 };
}

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function arrange({ policy, p75, above, took, totalCents, preparationMinutes }: Case) {
  const p99 = p75 + above;
  const benchmark: Benchmark = {
    source: 'trailing_day',
    sampleSize: 200,
    p50: p75 / 2,
    p75,
    p99,
    tierMinutes: [p75, p99].slice(0, policy.tiers.length),
  };
  const order: DeliveredOrder = {
    orderId: 'A',
    batchId: '1',
    location: 'sf',
    createdTs: '2026-11-20 12:00:00+00',
    createdAt: Date.parse('2026-11-20T12:00:00Z') * 1000,
    lineCount: 1,
    deliveredTs: '2026-11-20 12:30:00+00',
    deliveredAt: Date.parse('2026-11-20T12:30:00Z') * 1000,
    minutes: took === 'p75' ? p75 : took === 'p99' ? p99 : Number(took),
    totalCents,
    preparationMinutes,
  };
  return { order, benchmark };
}
