import type { CaseStatus } from '#lib/contract/case.ts';
import type { Evidence, RecommendationSource, RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';

/** What the scorer suggests for an order. Class and amount are null where it has no answer (deferred, error). */
export type Suggestion = {
  recommendationId: string;
  scoredTs: string;
  refundClass: RefundClass | null;
  refundCents: Cents | null;
  reason: string;
  source: RecommendationSource;
  model: string | null;
  policyVersion: string;
  /** Of the instructions that a model was given; null where none was asked. */
  promptVersion: string | null;
  evidence: Evidence;
};

/** What a person decided, or took back. `reasonCode` says why it departs from the suggestion. */
export type Decision = {
  id: string;
  kind: 'decision' | 'undo' | 'reversal';
  orderId: string;
  decidedTs: string;
  refundClass: RefundClass;
  amountCents: Cents;
  reason: string;
  reasonCode: string | null;
  decidedBy: string;
  /** The second person, where the amount was above the limit. */
  approvedBy: string | null;
  supersedesId: string | null;
};

/** A decision above the limit that waits for a second person. */
export type ApprovalRequest = {
  id: string;
  orderId: string;
  recommendationId: string;
  requestedTs: string;
  requestedBy: string;
  refundClass: RefundClass;
  amountCents: Cents;
  reasonCode: string | null;
  reason: string;
};

/** Where an order stands: who holds it, and when a claim or a snooze ends. */
export type Case = {
  orderId: string;
  status: CaseStatus;
  assignee: string | null;
  dueTs: string | null;
  note: string | null;
  changedBy: string | null;
  changedTs: string;
};

/** A decision of the history, with what was suggested when it was made. */
export type PastDecision = Decision & { suggested: Pick<Suggestion, 'refundClass' | 'refundCents'> };

export type QueueStatus = 'pending' | 'decided';

/** One row of the review queue. Times are ISO 8601 in UTC. */
export type QueueItem = {
  orderId: string;
  location: string | null;
  orderTs: string;
  deliveredTs: string;
  deliveryMinutes: number;
  orderTotalCents: Cents;
  suggestion: Suggestion;
  decision: Decision | null;
  /** `decided` once somebody has settled it, also by a reversal. */
  status: QueueStatus;
  caseStatus: CaseStatus;
  assignee: string | null;
  dueTs: string | null;
};

/** `total` counts all rows that the filters admit, exactly. */
export type QueuePage = { items: QueueItem[]; total: number; nextCursor: string | null };

/** The figures above the queue, over all recommendations. */
export type RefundSummary = {
  recommendations: number;
  pending: number;
  pendingSuggestedCents: Cents;
  suggestedCents: Cents;
  suggestionsByClass: Record<RefundClass, number>;
  withoutAnswer: number;
  decisions: number;
  decidedCents: Cents;
  decisionsByClass: Record<RefundClass, number>;
  locations: string[];
  byStatus: Record<CaseStatus, number>;
};
