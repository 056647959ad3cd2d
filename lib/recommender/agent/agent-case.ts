import type { Evidence, RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import { isoFromMicros } from '../facts/micros.ts';
import type { Bounds } from '../policy/compute-refund.ts';
import type { ScoringCase } from '../scoring/scorer.ts';

/** An order as a model is asked about it, with what the policy says. Nothing in it is about the customer. */
export type AgentCase = {
  orderId: string;
  location: string | null;
  /** ISO 8601 in UTC. */
  deliveredTs: string;
  totalCents: Cents;
  /** What the policy measured. */
  evidence: Evidence;
  policy: { refundClass: RefundClass; refundCents: Cents };
  bounds: Bounds;
  /** The policy in words, one rule a line. */
  rules: string;
  /** 0, or the number of the run that a person requested, who may have added a note. */
  rerun: number;
  note: string | null;
};

export function toAgentCase({ policyAnswer, rules, rerun, note }: ScoringCase): AgentCase {
  const { order, evidence, refundClass, refundCents, bounds } = policyAnswer;
  return {
    orderId: order.orderId,
    location: order.location,
    deliveredTs: isoFromMicros(order.deliveredAt),
    totalCents: order.totalCents,
    evidence,
    policy: { refundClass, refundCents },
    bounds,
    rules,
    rerun,
    note,
  };
}
