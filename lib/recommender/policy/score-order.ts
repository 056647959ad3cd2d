import type { Evidence, RefundAnswer, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import { isoFromMicros, windowMicros } from '../micros.ts';
import { type Benchmark, countPassed, type Limit, limitsOf } from './benchmark.ts';
import { type Bounds, boundsOf, computeRefund } from './compute-refund.ts';
import { listAlternatives } from './counterfactual.ts';
import { explain, type Judgement } from './explain.ts';
import type { Policy } from './rules.ts';

/**
 * A delivered order: `deliveredAt` is `deliveredTs` in microseconds since 1970; times as text are as Postgres wrote
 * them; `preparationMinutes` is that of its slowest brand, null where none of its brands is known.
 */
export type DeliveredOrder = {
  orderId: string;
  batchId: string;
  location: string | null;
  createdTs: string;
  deliveredTs: string;
  deliveredAt: number;
  minutes: number;
  totalCents: Cents;
  preparationMinutes: number | null;
};

/** What the policy says about an order, with all that it rests on. */
export type PolicyAnswer = {
  order: DeliveredOrder;
  policyVersion: string;
  refundClass: RefundClass;
  refundCents: Cents;
  reason: string;
  evidence: Evidence;
  /** How far another scorer may depart from it. */
  bounds: Bounds;
  /** The answer as JSON text, in the form that every scorer gives. */
  agentResponse: string;
};

/** Scores a delivered order against a benchmark. Pure: the same order, benchmark and policy give the same answer. */
export function scoreOrder(policy: Policy, order: DeliveredOrder, benchmark: Benchmark): PolicyAnswer {
  const judgement = judgeOrder(policy, order, benchmark);
  const { refundClass, refundCents } = judgement.refund;
  const reason = explain(order, judgement);
  const answer: RefundAnswer = { refund_usd: refundCents / 100, refund_class: refundClass, reason };
  return {
    order,
    policyVersion: policy.version,
    refundClass,
    refundCents,
    reason,
    evidence: gatherEvidence(order, judgement),
    bounds: boundsOf(policy, judgement.passed, order.totalCents),
    agentResponse: JSON.stringify(answer),
  };
}

/** The class and the amount alone, with the limits that they come from. */
export function judgeOrder(policy: Policy, order: DeliveredOrder, benchmark: Benchmark): Judgement {
  const promisedMinutes = promisedFor(policy, order.preparationMinutes);
  const limits = limitsOf(policy, benchmark, promisedMinutes);
  const passed = countPassed(order.minutes, limits);
  const percent = passed === 0 ? 0 : (limits[passed - 1]?.percent ?? 0);
  const refund = computeRefund(policy, percent, order.totalCents);
  return { policy, benchmark, limits, passed, promisedMinutes, refund };
}

function promisedFor({ promise }: Policy, preparationMinutes: number | null): number | null {
  return promise && promise.baseMinutes + (preparationMinutes ?? promise.unknownPreparationMinutes);
}

function gatherEvidence(order: DeliveredOrder, judgement: Judgement): Evidence {
  const { policy, benchmark, limits, promisedMinutes, refund } = judgement;
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
