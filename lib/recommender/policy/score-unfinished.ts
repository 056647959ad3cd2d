import type { Evidence, RefundAnswer } from '#lib/contract/refund.ts';
import { formatUsd, toDecimal } from '#lib/money.ts';
import type { Policy } from './rules.ts';
import type { DeliveredOrder, PolicyAnswer } from './score-order.ts';

/** How an order ended that nobody got. */
export type Unfinished = 'undelivered' | 'cancelled';

/**
 * Scores an order that was cancelled, or not delivered in the policy's time: its total, whatever the cap.
 * @param order its `deliveredTs` and `minutes` are when the wait for it ended, and how long it was.
 * @returns undefined where the policy grants such orders nothing of their own.
 */
export function scoreUnfinished(
  policy: Policy,
  order: DeliveredOrder,
  outcome: Unfinished,
): PolicyAnswer | undefined {
  if (!isGranted(policy, outcome)) return undefined;
  const refundCents = order.totalCents;
  const refundClass = refundCents > 0 ? 'full' : 'none';
  const reason = `${describeOutcome(order, outcome)} ${describeRefund(refundCents)}`;
  const answer: RefundAnswer = { refund_usd: refundCents / 100, refund_class: refundClass, reason };
  return {
    order,
    policyVersion: policy.version,
    refundClass,
    refundCents,
    reason,
    evidence: gatherEvidence(policy, order, outcome),
    bounds: { minCents: refundCents, maxCents: refundCents },
    agentResponse: JSON.stringify(answer),
  };
}

function isGranted(policy: Policy, outcome: Unfinished): boolean {
  return outcome === 'cancelled' ? policy.cancelledInFull : policy.undeliveredAfterMinutes !== null;
}

function describeOutcome({ minutes }: DeliveredOrder, outcome: Unfinished): string {
  if (outcome === 'cancelled') return `Cancelled after ${minutes.toFixed(1)} min.`;
  return `Not delivered within ${minutes} min of being placed.`;
}

function describeRefund(refundCents: number): string {
  const total = formatUsd(refundCents);
  return refundCents > 0 ? `${total} in full.` : `The order's total is ${total}: no refund.`;
}

/** Nothing was delivered, so nothing is measured: the service levels stand for what was to be expected. */
function gatherEvidence(policy: Policy, order: DeliveredOrder, outcome: Unfinished): Evidence {
  return {
    outcome,
    policy_version: policy.version,
    delivery_minutes: order.minutes,
    order_total_usd: toDecimal(order.totalCents),
    location: order.location,
    benchmark_source: 'service_level',
    window_from: null,
    window_to: null,
    sample_size: 0,
    p50_minutes: null,
    p75_minutes: policy.tiers[0]?.serviceLevelMinutes ?? 0,
    p99_minutes: policy.tiers.at(-1)?.serviceLevelMinutes ?? 0,
    refund_percent: 100,
    limits: [],
    alternatives: [],
  };
}
