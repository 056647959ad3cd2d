import type { Evidence, RefundAnswer } from '#lib/contract/refund.ts';
import { formatUsd, toDecimal } from '#lib/money.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import type { Policy } from './rules.ts';
import type { PolicyAnswer } from './score-order.ts';

/** How an order ended that did not reach its customer. */
export type UnfinishedOutcome = 'undelivered' | 'cancelled';

/**
 * Scores an order that was cancelled, or not delivered within the policy's time: its whole total, without the cap.
 * @param order its `deliveredTs` and `minutes` are when the wait for it ended, and how long it was.
 * @returns undefined where the policy has no rule for such orders.
 */
export function scoreUnfinished(
  policy: Policy,
  order: DeliveredOrder,
  outcome: UnfinishedOutcome,
): PolicyAnswer | undefined {
  if (!hasRule(policy, outcome)) return undefined;
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
    evidence: buildEvidence(policy, order, outcome),
    bounds: { minCents: refundCents, maxCents: refundCents },
    agentResponse: JSON.stringify(answer),
  };
}

function hasRule(policy: Policy, outcome: UnfinishedOutcome): boolean {
  return outcome === 'cancelled' ? policy.cancelledInFull : policy.undeliveredAfterMinutes !== null;
}

function describeOutcome({ minutes }: DeliveredOrder, outcome: UnfinishedOutcome): string {
  if (outcome === 'cancelled') return `Cancelled after ${minutes.toFixed(1)} min.`;
  return `Not delivered within ${minutes} min of being placed.`;
}

function describeRefund(refundCents: number): string {
  const total = formatUsd(refundCents);
  return refundCents > 0 ? `${total} in full.` : `The order's total is ${total}: no refund.`;
}

/** The evidence of an order whose time is up while one of its records waits in quarantine: nothing is granted yet. */
export function describeWaiting(policy: Policy, order: DeliveredOrder): Evidence {
  return { ...buildEvidence(policy, order, 'undelivered'), outcome: 'waiting', refund_percent: 0 };
}

/** Nothing was delivered, so there is no sample to compare with: the service levels take its place. */
function buildEvidence(policy: Policy, order: DeliveredOrder, outcome: UnfinishedOutcome): Evidence {
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
