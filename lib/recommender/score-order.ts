import type { Evidence, RefundAnswer, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import { explain } from './explain.ts';
import { isoFromMicros, windowMicros } from './micros.ts';
import { type Benchmark, computeRefund, judgeLateness, policyV1 } from './policy.ts';

/** A delivered order: `deliveredAt` is `deliveredTs` in microseconds since 1970; times as text are as Postgres wrote them. */
export type DeliveredOrder = {
  orderId: string;
  batchId: string;
  location: string | null;
  createdTs: string;
  deliveredTs: string;
  deliveredAt: number;
  minutes: number;
  totalCents: Cents;
};

/** What the policy says about an order, with all that it rests on. */
export type Recommendation = {
  order: DeliveredOrder;
  refundClass: RefundClass;
  refundCents: Cents;
  reason: string;
  evidence: Evidence;
  /** The answer as JSON text, in the form that every scorer gives. */
  agentResponse: string;
};

/** Scores a delivered order against a benchmark by policy v1. */
export function scoreOrder(order: DeliveredOrder, benchmark: Benchmark): Recommendation {
  const lateness = judgeLateness(order.minutes, benchmark);
  const refund = computeRefund(lateness, order.totalCents);
  const reason = explain(order, benchmark, lateness, refund);
  const answer: RefundAnswer = {
    refund_usd: refund.refundCents / 100,
    refund_class: refund.refundClass,
    reason,
  };
  return {
    order,
    refundClass: refund.refundClass,
    refundCents: refund.refundCents,
    reason,
    evidence: gatherEvidence(order, benchmark, refund.percent),
    agentResponse: JSON.stringify(answer),
  };
}

function gatherEvidence(order: DeliveredOrder, benchmark: Benchmark, percent: number): Evidence {
  const span = windowMicros[benchmark.basis];
  return {
    policy_version: policyV1.version,
    delivery_minutes: order.minutes,
    order_total_usd: toDecimal(order.totalCents),
    location: order.location,
    basis: benchmark.basis,
    window_from: span === null ? null : isoFromMicros(order.deliveredAt - span),
    window_to: span === null ? null : isoFromMicros(order.deliveredAt),
    sample_size: benchmark.sampleSize,
    p50_minutes: benchmark.p50,
    p75_minutes: benchmark.p75,
    p99_minutes: benchmark.p99,
    refund_percent: percent,
  };
}
