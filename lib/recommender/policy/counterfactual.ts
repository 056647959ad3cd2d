import type { RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import type { Limit } from './benchmark.ts';
import { computeRefund, type Refund } from './compute-refund.ts';
import type { Policy } from './rules.ts';

/**
 * Another answer that the same order would have got by the same benchmark: delivered `within` or `from` so many
 * whole seconds after it was placed. A second more, or less, is another answer.
 */
export type Alternative = {
  when: 'within' | 'from';
  seconds: number;
  percent: number;
  refundClass: RefundClass;
  refundCents: Cents;
};

type Step = { fromSeconds: number; untilSeconds: number; refund: Refund };

/** What would change an order's refund, from the shortest time to the longest; none where nothing would. */
export function listAlternatives(
  policy: Policy,
  limits: readonly Limit[],
  passed: number,
  totalCents: Cents,
): Alternative[] {
  const percent = passed === 0 ? 0 : (limits[passed - 1]?.percent ?? 0);
  const own = computeRefund(policy, percent, totalCents);
  const steps = listSteps(policy, limits, totalCents);
  return steps
    .filter(({ refund }) => !isSame(refund, own))
    .map(({ fromSeconds, untilSeconds, refund }) => {
      const isSooner = refund.percent < own.percent;
      const { refundClass, refundCents } = refund;
      return {
        when: isSooner ? 'within' : 'from',
        seconds: isSooner ? untilSeconds : fromSeconds,
        percent: refund.percent,
        refundClass,
        refundCents,
      };
    });
}

/** The answers from 0 seconds on, without gaps; neighbours differ. */
function listSteps(policy: Policy, limits: readonly Limit[], totalCents: Cents): Step[] {
  const ends = [...limits.map(({ aboveMinutes }) => lastSecondOf(aboveMinutes)), Number.POSITIVE_INFINITY];
  const steps: Step[] = [];
  ends.forEach((untilSeconds, at) => {
    const percent = at === 0 ? 0 : (limits[at - 1]?.percent ?? 0);
    const refund = computeRefund(policy, percent, totalCents);
    const before = steps.at(-1);
    const fromSeconds = before ? before.untilSeconds + 1 : 0;
    if (before && isSame(before.refund, refund)) before.untilSeconds = untilSeconds;
    else if (fromSeconds <= untilSeconds) steps.push({ fromSeconds, untilSeconds, refund });
  });
  return steps;
}

/** The last whole second that is not above so many minutes, as a delivery's minutes are computed. */
function lastSecondOf(minutes: number): number {
  const near = Math.floor(minutes * 60);
  return [near + 1, near, near - 1].find((second) => second / 60 <= minutes) ?? near;
}

function isSame(a: Refund, b: Refund): boolean {
  return a.refundClass === b.refundClass && a.refundCents === b.refundCents;
}
