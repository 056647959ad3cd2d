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
  evidence: Evidence;
};

/** What a person decided. */
export type Decision = {
  id: string;
  orderId: string;
  decidedTs: string;
  refundClass: RefundClass;
  amountCents: Cents;
  reason: string;
  decidedBy: string;
  supersedesId: string | null;
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
  status: QueueStatus;
};

/** What a row can be filtered by: a suggested class, or that the scorer gave no answer. */
export const queueClasses = ['none', 'partial', 'full', 'unanswered'] as const;
export type QueueClass = (typeof queueClasses)[number];

export const queueStatuses = ['pending', 'decided', 'all'] as const;

export const queueSorts = ['newest', 'oldest', 'amount', 'lateness'] as const;
export type QueueSort = (typeof queueSorts)[number];

/** Filters, order and page of the queue; `cursor` is opaque and comes from a page before. */
export type QueueQuery = {
  status: (typeof queueStatuses)[number];
  refundClass?: QueueClass;
  location?: string;
  nonZero: boolean;
  sort: QueueSort;
  cursor?: string;
  limit: number;
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
};
