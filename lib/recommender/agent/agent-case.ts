import type { Evidence, RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';

/** The least and the most that may be refunded, in cents: 0 and 0 where the policy grants nothing. */
export type Bounds = { leastCents: Cents; mostCents: Cents };

/** A delivered order as an agent is asked about it, with what the policy says. Nothing in it is about the customer. */
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
  /** What a reviewer wants looked at, where one asked again. */
  note?: string;
};
