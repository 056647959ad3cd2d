import type { RefundClass } from '#lib/contract/refund.ts';
import { type Cents, percentOf } from '#lib/money.ts';
import type { Policy } from './rules.ts';

export type Refund = { refundClass: RefundClass; refundCents: Cents; percent: number };

/** The smallest and the largest amount that another scorer may suggest for an order, in cents. */
export type Bounds = { minCents: Cents; maxCents: Cents };

/**
 * The refund of `percent` of `totalCents`: rounded half up to the policy's step, at least its minimum, at most
 * its cap, and never above the total, which a tiny order gets back in full.
 */
export function computeRefund(policy: Policy, percent: number, totalCents: Cents): Refund {
  if (percent === 0 || totalCents <= 0) return { refundClass: 'none', refundCents: 0, percent };
  const rounded = Math.max(percentOf(totalCents, percent, policy.roundingCents), policy.minimumCents);
  const amount = Math.min(rounded, policy.capCents ?? rounded);
  if (amount >= totalCents) return { refundClass: 'full', refundCents: totalCents, percent };
  if (amount === 0) return { refundClass: 'none', refundCents: 0, percent };
  return { refundClass: 'partial', refundCents: amount, percent };
}

/**
 * The bounds for another scorer: from the tier below to the tier above the one that an order has reached, and nothing
 * for an order that is on time. @param passed how many tiers' limits the order has passed.
 */
export function computeBounds(policy: Policy, passed: number, totalCents: Cents): Bounds {
  if (passed === 0) return { minCents: 0, maxCents: 0 };
  const amountAt = (tier: number) =>
    computeRefund(policy, policy.tiers[tier]?.percent ?? 0, totalCents).refundCents;
  const highest = policy.tiers.length - 1;
  return { minCents: amountAt(passed - 2), maxCents: amountAt(Math.min(passed, highest)) };
}
