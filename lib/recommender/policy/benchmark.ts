import type { BenchmarkSource } from '#lib/contract/refund.ts';
import type { Policy } from './rules.ts';

/** How many deliveries a window holds, and their percentiles in the order of `percentileShares`. */
export type Sample = { size: number; percentiles: number[] };

/**
 * What delivery times are compared with. `tierMinutes` are the minutes of the policy's tiers, in their order;
 * `sampleSize` is that of the widest window, even where it was too small to count.
 */
export type Benchmark = {
  source: BenchmarkSource;
  sampleSize: number;
  p50: number | null;
  p75: number;
  p99: number;
  tierMinutes: number[];
};

const HOUR_MICROS = 3_600_000_000;

/** The length in microseconds of the window before a delivery that each source looks at. */
export const windowMicros = {
  trailing_day: 24 * HOUR_MICROS,
  trailing_week: 7 * 24 * HOUR_MICROS,
  service_level: null,
} as const satisfies Record<BenchmarkSource, number | null>;

/** The percentiles that samples must hold for this policy: three that every evidence shows, then its tiers'. */
export function percentileShares(policy: Policy): number[] {
  return [0.5, 0.75, 0.99, ...policy.tiers.map(({ percentile }) => percentile / 100)];
}

/** The trailing day where it has enough deliveries, else the trailing week, else the service level. */
export function chooseBenchmark(
  policy: Policy,
  day: Sample | undefined,
  week: Sample | undefined,
): Benchmark {
  if (day && isLargeEnough(policy, day)) return fromSample('trailing_day', day);
  if (week && isLargeEnough(policy, week)) return fromSample('trailing_week', week);
  const tierMinutes = policy.tiers.map(({ serviceLevelMinutes }) => serviceLevelMinutes);
  return {
    source: 'service_level',
    sampleSize: week?.size ?? day?.size ?? 0,
    p50: null,
    p75: tierMinutes[0] ?? 0,
    p99: tierMinutes.at(-1) ?? 0,
    tierMinutes,
  };
}

export function isLargeEnough(policy: Policy, sample: Sample | undefined): boolean {
  return sample !== undefined && sample.size >= policy.minimumSample;
}

function fromSample(source: BenchmarkSource, { size, percentiles }: Sample): Benchmark {
  const [p50 = 0, p75 = 0, p99 = 0, ...tierMinutes] = percentiles;
  return { source, sampleSize: size, p50, p75, p99, tierMinutes };
}

/** From this many minutes on, exclusively, `percent` of the order's total is refunded. */
export type Limit = { aboveMinutes: number; percent: number };

/** The limits of an order in ascending order: each tier with its grace, none earlier than the promised time. */
export function computeLimits(policy: Policy, benchmark: Benchmark, promisedMinutes: number | null): Limit[] {
  return policy.tiers.map(({ percent }, at) => ({
    aboveMinutes: Math.max((benchmark.tierMinutes[at] ?? 0) + policy.graceMinutes, promisedMinutes ?? 0),
    percent,
  }));
}

/** How many of the limits an order has passed: 0 is on time; at a limit it has not passed it. */
export function countPassedLimits(minutes: number, limits: readonly Limit[]): number {
  return limits.filter(({ aboveMinutes }) => minutes > aboveMinutes).length;
}
