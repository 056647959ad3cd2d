import type { Evidence, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, percentOf } from '#lib/money.ts';
import type { Sample } from './rolling-percentiles.ts';

/** Version 1: how late an order is against its location's other deliveries decides the share of its total. */
export const policyV1 = {
  version: 'v1',
  /** Fewer deliveries than this say nothing about a location. */
  minimumSample: 30,
  latePercent: 15,
  veryLatePercent: 25,
  roundingCents: 50,
  minimumCents: 50,
  /** Minutes that count where a location has too few deliveries of its own. */
  serviceLevel: { p75: 45, p99: 75 },
} as const;

export type Lateness = 'on_time' | 'late' | 'very_late';

/** What delivery times are measured against. `sampleSize` is that of the widest window where none was large enough. */
export type Benchmark = {
  basis: Evidence['basis'];
  sampleSize: number;
  p50: number | null;
  p75: number;
  p99: number;
};

/** The trailing day where it has enough deliveries, else the trailing week, else the service level. */
export function chooseBenchmark(day: Sample | undefined, week: Sample | undefined): Benchmark {
  if (day && isEnough(day)) return ofSample('trailing_day', day);
  if (week && isEnough(week)) return ofSample('trailing_week', week);
  return {
    basis: 'service_level',
    sampleSize: week?.size ?? day?.size ?? 0,
    p50: null,
    ...policyV1.serviceLevel,
  };
}

export function isEnough(sample: Sample | undefined): boolean {
  return sample !== undefined && sample.size >= policyV1.minimumSample;
}

/** At or below P75 is on time, above P99 very late. */
export function judgeLateness(minutes: number, benchmark: { p75: number; p99: number }): Lateness {
  if (minutes <= benchmark.p75) return 'on_time';
  return minutes <= benchmark.p99 ? 'late' : 'very_late';
}

export type Refund = { refundClass: RefundClass; refundCents: Cents; percent: number };

/**
 * The refund for an order of `totalCents`: a share rounded half up to $0.50, at least $0.50, and never above
 * the total, which a tiny order gets back in full.
 */
export function computeRefund(lateness: Lateness, totalCents: Cents): Refund {
  const percent = percentFor(lateness);
  if (percent === 0 || totalCents <= 0) return { refundClass: 'none', refundCents: 0, percent };
  const rounded = percentOf(totalCents, percent, policyV1.roundingCents);
  const amount = Math.max(rounded, policyV1.minimumCents);
  if (amount >= totalCents) return { refundClass: 'full', refundCents: totalCents, percent };
  return { refundClass: 'partial', refundCents: amount, percent };
}

function percentFor(lateness: Lateness): number {
  switch (lateness) {
    case 'on_time':
      return 0;
    case 'late':
      return policyV1.latePercent;
    case 'very_late':
      return policyV1.veryLatePercent;
  }
}

function ofSample(basis: Evidence['basis'], { size, p50, p75, p99 }: Sample): Benchmark {
  return { basis, sampleSize: size, p50, p75, p99 };
}
