import { formatUsd } from '#lib/money.ts';
import { type Benchmark, type Lateness, policyV1, type Refund } from './policy.ts';

type Facts = { location: string | null; minutes: number; totalCents: number };

/** Says in plain sentences why an order gets its refund; every number is one of the evidence or of the policy. */
export function explain(order: Facts, benchmark: Benchmark, lateness: Lateness, refund: Refund): string {
  const limit = lateness === 'very_late' ? benchmark.p99 : benchmark.p75;
  const [took, atMost] = tellApart(order.minutes, limit);
  return `Delivered in ${took} min; ${describeNorm(order, benchmark, lateness, atMost)}. ${describeRefund(order, refund)}`;
}

function describeNorm(order: Facts, benchmark: Benchmark, lateness: Lateness, atMost: string): string {
  const share = lateness === 'very_late' ? 99 : 75;
  const { sampleSize } = benchmark;
  switch (benchmark.basis) {
    case 'trailing_day':
      return `${share} % of ${order.location}'s deliveries in the 24 h before took at most ${atMost} min (n = ${sampleSize})`;
    case 'trailing_week':
      return `${share} % of ${order.location}'s deliveries in the 7 days before took at most ${atMost} min (n = ${sampleSize})`;
    case 'service_level':
      return `the service level ${lateness === 'very_late' ? 'ends at' : 'is'} ${atMost} min, which counts because ${describeGap(order, sampleSize)}`;
  }
}

function describeGap(order: Facts, sampleSize: number): string {
  if (order.location === null) return 'its location is not known';
  return `${order.location} had fewer than ${policyV1.minimumSample} deliveries in the 7 days before (n = ${sampleSize})`;
}

function describeRefund(order: Facts, { refundClass, refundCents, percent }: Refund): string {
  const total = formatUsd(order.totalCents);
  if (percent === 0) return 'No refund.';
  switch (refundClass) {
    case 'none':
      return `The order's total is ${total}: no refund.`;
    case 'full':
      return `${percent} % of the order's ${total}, at least $0.50, reaches the total: ${formatUsd(refundCents)} in full.`;
    case 'partial':
      return `${percent} % of the order's ${total}, to the nearest $0.50 and at least that, is ${formatUsd(refundCents)}.`;
  }
}

/** Two numbers of minutes with one decimal, or with as many as it takes (at most six) to see that they differ. */
function tellApart(a: number, b: number): [string, string] {
  const digits = [1, 2, 3, 4, 5, 6].find((count) => a === b || a.toFixed(count) !== b.toFixed(count)) ?? 6;
  return [a.toFixed(digits), b.toFixed(digits)];
}
