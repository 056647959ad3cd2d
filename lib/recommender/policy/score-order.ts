import type { Evidence, RefundAnswer, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import { isoFromMicros } from '../facts/micros.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import { type Benchmark, computeLimits, countPassedLimits, type Limit, windowMicros } from './benchmark.ts';
import { type Bounds, computeBounds, computeRefund } from './compute-refund.ts';
import { listAlternatives } from './counterfactual.ts';
import { type Assessment, explain } from './explain.ts';
import type { Policy } from './rules.ts';

/** What the policy says about an order, and the facts and figures that it is derived from. */
export type PolicyAnswer = {
  order: DeliveredOrder;
  policyVersion: string;
  refundClass: RefundClass;
  refundCents: Cents;
  reason: string;
  evidence: Evidence;
  /** The amounts that another scorer may suggest instead. */
  bounds: Bounds;
  /** The answer as JSON text, in the same form as every scorer's. */
  agentResponse: string;
};

/** Scores a delivered order against a benchmark. Pure: the same order, benchmark and policy give the same answer. */
export function scoreOrder(policy: Policy, order: DeliveredOrder, benchmark: Benchmark): PolicyAnswer {
  const assessment = assessOrder(policy, order, benchmark);
  const { refundClass, refundCents } = assessment.refund;
  const reason = explain(order, assessment);
  const answer: RefundAnswer = { refund_usd: refundCents / 100, refund_class: refundClass, reason };
  return {
    order,
    policyVersion: policy.version,
    refundClass,
    refundCents,
    reason,
    evidence: buildEvidence(order, assessment),
    bounds: computeBounds(policy, assessment.passed, order.totalCents),
    agentResponse: JSON.stringify(answer),
  };
}

/** The refund alone, with the limits that it follows from. */
export function assessOrder(policy: Policy, order: DeliveredOrder, benchmark: Benchmark): Assessment {
  const promisedMinutes = computePromisedMinutes(policy, order.preparationMinutes);
  const limits = computeLimits(policy, benchmark, promisedMinutes);
  const passed = countPassedLimits(order.minutes, limits);
  const percent = passed === 0 ? 0 : (limits[passed - 1]?.percent ?? 0);
  const refund = computeRefund(policy, percent, order.totalCents);
  return { policy, benchmark, limits, passed, promisedMinutes, refund };
}

function computePromisedMinutes({ promise }: Policy, preparationMinutes: number | null): number | null {
  return promise && promise.baseMinutes + (preparationMinutes ?? promise.unknownPreparationMinutes);
}

function buildEvidence(order: DeliveredOrder, assessment: Assessment): Evidence {
  const { policy, benchmark, limits, promisedMinutes, refund } = assessment;
  const span = windowMicros[benchmark.source];
  return {
    policy_version: policy.version,
    delivery_minutes: order.minutes,
    order_total_usd: toDecimal(order.totalCents),
    location: order.location,
    benchmark_source: benchmark.source,
    window_from: span === null ? null : isoFromMicros(order.deliveredAt - span),
    window_to: span === null ? null : isoFromMicros(order.deliveredAt),
    sample_size: benchmark.sampleSize,
    p50_minutes: benchmark.p50,
    p75_minutes: benchmark.p75,
    p99_minutes: benchmark.p99,
    refund_percent: refund.percent,
    grace_minutes: policy.graceMinutes,
    promised_minutes: promisedMinutes,
    limits: limits.map(toJson),
    alternatives: listAlternatives(policy, limits, refund, order.totalCents).map((other) => ({
      when: other.when,
      seconds: other.seconds,
      refund_percent: other.percent,
      refund_class: other.refundClass,
      refund_usd: toDecimal(other.refundCents),
    })),
  };
}

function toJson({ aboveMinutes, percent }: Limit) {
  return { above_minutes: aboveMinutes, refund_percent: percent };
}
