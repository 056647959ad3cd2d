import type { BenchmarkSource } from '#lib/contract/refund.ts';
import type { Sample } from '../percentiles/rolling-percentiles.ts';
import type { Policy } from './rules.ts';

/**
 * What delivery times are measured against. `tierMinutes` are the minutes of the policy's tiers, in their order;
 * `sampleSize` is that of the widest window where none was large enough.
 */
export type Benchmark = {
  source: BenchmarkSource;
  sampleSize: number;
  p50: number | null;
  p75: number;
  p99: number;
  tierMinutes: number[];
};

/** From this many minutes on, exclusively, the order's total is refunded to `percent`. */
export type Limit = { aboveMinutes: number; percent: number };

/** The percentiles that samples must hold for this policy: three that every evidence shows, then its tiers'. */
export function sharesOf(policy: Policy): number[] {
  return [0.5, 0.75, 0.99, ...policy.tiers.map(({ percentile }) => percentile / 100)];
}

/** The trailing day where it has enough deliveries, else the trailing week, else the service level. */
export function chooseBenchmark(
  policy: Policy,
  day: Sample | undefined,
  week: Sample | undefined,
): Benchmark {
  if (day && isEnough(policy, day)) return ofSample('trailing_day', day);
  if (week && isEnough(policy, week)) return ofSample('trailing_week', week);
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

export function isEnough(policy: Policy, sample: Sample | undefined): boolean {
  return sample !== undefined && sample.size >= policy.minimumSample;
}

/** The limits of an order in ascending order: each tier with its grace, none earlier than what was promised. */
export function limitsOf(policy: Policy, benchmark: Benchmark, promisedMinutes: number | null): Limit[] {
  return policy.tiers.map(({ percent }, at) => ({
    aboveMinutes: Math.max((benchmark.tierMinutes[at] ?? 0) + policy.graceMinutes, promisedMinutes ?? 0),
    percent,
  }));
}

/** How many of the limits an order has passed: 0 is on time; at a limit it has not passed it. */
export function countPassed(minutes: number, limits: readonly Limit[]): number {
  return limits.filter(({ aboveMinutes }) => minutes > aboveMinutes).length;
}

function ofSample(source: BenchmarkSource, { size, percentiles }: Sample): Benchmark {
  const [p50 = 0, p75 = 0, p99 = 0, ...tierMinutes] = percentiles;
  return { source, sampleSize: size, p50, p75, p99, tierMinutes };
}
