import type { RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import type { Limit } from './benchmark.ts';
import { computeRefund, type Refund } from './compute-refund.ts';
import type { Policy } from './rules.ts';

/**
 * Another answer that the same order would have got by the same benchmark, had it been delivered `within` or `from`
 * so many whole seconds after it was placed. A second more, or less, gives a different answer.
 */
export type Alternative = {
  when: 'within' | 'from';
  seconds: number;
  percent: number;
  refundClass: RefundClass;
  refundCents: Cents;
};

type Step = { fromSeconds: number; untilSeconds: number; refund: Refund };

/**
 * What would change an order's refund, from the shortest time to the longest; none where nothing would.
 * @param own what the order gets.
 */
export function listAlternatives(
  policy: Policy,
  limits: readonly Limit[],
  own: Refund,
  totalCents: Cents,
): Alternative[] {
  const others: Alternative[] = [];
  for (const step of listSteps(policy, limits, totalCents)) {
    const { refundClass, refundCents, percent } = step.refund;
    if (isSame(step.refund, own)) continue;
    const isSooner = percent < own.percent;
    const seconds = isSooner ? step.untilSeconds : step.fromSeconds;
    others.push({ when: isSooner ? 'within' : 'from', seconds, percent, refundClass, refundCents });
  }
  return others;
}

/** The answers from 0 seconds on, without gaps; neighbours differ. */
function listSteps(policy: Policy, limits: readonly Limit[], totalCents: Cents): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at <= limits.length; at += 1) {
    const limit = limits[at];
    const untilSeconds = limit ? lastSecondOf(limit.aboveMinutes) : Number.POSITIVE_INFINITY;
    const refund = computeRefund(policy, at === 0 ? 0 : (limits[at - 1]?.percent ?? 0), totalCents);
    const before = steps.at(-1);
    const fromSeconds = before ? before.untilSeconds + 1 : 0;
    if (before && isSame(before.refund, refund)) before.untilSeconds = untilSeconds;
    else if (fromSeconds <= untilSeconds) steps.push({ fromSeconds, untilSeconds, refund });
  }
  return steps;
}

/** The last whole second that is not above `minutes`, by the arithmetic that computes a delivery's minutes. */
function lastSecondOf(minutes: number): number {
  const near = Math.floor(minutes * 60);
  if ((near + 1) / 60 <= minutes) return near + 1;
  return near / 60 <= minutes ? near : near - 1;
}

function isSame(a: Refund, b: Refund): boolean {
  return a.refundClass === b.refundClass && a.refundCents === b.refundCents;
}
