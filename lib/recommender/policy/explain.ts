import { formatUsd } from '#lib/money.ts';
import type { Benchmark, Limit } from './benchmark.ts';
import type { Refund } from './compute-refund.ts';
import type { Policy } from './rules.ts';

type Facts = { location: string | null; minutes: number; totalCents: number };

/** An order's refund and what it follows from; `passed` counts the limits that the order has passed. */
export type Assessment = {
  policy: Policy;
  benchmark: Benchmark;
  limits: readonly Limit[];
  passed: number;
  promisedMinutes: number | null;
  refund: Refund;
};

/** Explains in plain sentences why an order gets its refund; every number is in the evidence or in the policy. */
export function explain(order: Facts, assessment: Assessment): string {
  const at = Math.max(assessment.passed - 1, 0);
  const norm = assessment.benchmark.tierMinutes[at] ?? 0;
  const limit = assessment.limits[at]?.aboveMinutes ?? norm;
  const format = formatterFor(order.minutes, [norm, limit]);
  const comparison = describeNorm(order, assessment, at, format(norm));
  const allowance = limit === norm ? '' : describeAllowance(assessment, limit, format(limit));
  return `Delivered in ${format(order.minutes)} min; ${comparison}${allowance}. ${describeRefund(order, assessment)}`;
}

function describeNorm(order: Facts, { policy, benchmark }: Assessment, at: number, atMost: string): string {
  const share = policy.tiers[at]?.percentile;
  const { sampleSize } = benchmark;
  switch (benchmark.source) {
    case 'trailing_day':
      return `${share} % of ${order.location}'s deliveries in the 24 h before took at most ${atMost} min (n = ${sampleSize})`;
    case 'trailing_week':
      return `${share} % of ${order.location}'s deliveries in the 7 days before took at most ${atMost} min (n = ${sampleSize})`;
    case 'service_level':
      return `the service level ${at > 0 ? 'ends at' : 'is'} ${atMost} min, which counts because ${describeGap(order, policy, sampleSize)}`;
  }
}

function describeGap(order: Facts, { minimumSample }: Policy, sampleSize: number): string {
  if (order.location === null) return 'its location is not known';
  return `${order.location} had fewer than ${minimumSample} deliveries in the 7 days before (n = ${sampleSize})`;
}

/** What the policy allows beyond the norm, and the limit that results. */
function describeAllowance(
  { policy, promisedMinutes }: Assessment,
  limit: number,
  formatted: string,
): string {
  if (limit === promisedMinutes) return `, and ${formatted} min were promised`;
  return `, and ${policy.graceMinutes} min of grace end at ${formatted} min`;
}

function describeRefund(order: Facts, { policy, refund }: Assessment): string {
  const { refundClass, refundCents, percent } = refund;
  const total = formatUsd(order.totalCents);
  if (percent === 0) return 'No refund.';
  switch (refundClass) {
    case 'none':
      return `The order's total is ${total}: no refund.`;
    case 'full':
      return `${percent} % of the order's ${total}, at least ${formatUsd(policy.minimumCents)}, reaches the total: ${formatUsd(refundCents)} in full.`;
    case 'partial':
      return `${percent} % of the order's ${total}, ${describeBounds(policy)}, is ${formatUsd(refundCents)}.`;
  }
}

function describeBounds({ roundingCents, minimumCents, capCents }: Policy): string {
  const least = minimumCents === roundingCents ? 'that' : formatUsd(minimumCents);
  const most = capCents === null ? '' : `, at most ${formatUsd(capCents)}`;
  return `to the nearest ${formatUsd(roundingCents)} and at least ${least}${most}`;
}

/** Formats minutes with one decimal, or with as many as it takes (at most six) to show that two numbers differ. */
function formatterFor(minutes: number, others: number[]): (value: number) => string {
  let digits = 1;
  while (digits < 6 && others.some((other) => looksEqual(minutes, other, digits))) digits += 1;
  return (value) => value.toFixed(digits);
}

/** Whether two numbers that differ look equal with so many decimals. */
function looksEqual(a: number, b: number, digits: number): boolean {
  if (a === b || Math.abs(a - b) >= 10 ** -digits) return false;
  return a.toFixed(digits) === b.toFixed(digits);
}
