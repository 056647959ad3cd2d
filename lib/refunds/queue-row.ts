import { type CaseStatus, isOpen } from '#lib/contract/case.ts';
import type { Evidence, RecommendationSource, RefundClass } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { Decision, QueueItem, Suggestion } from './types.ts';

/** The columns of a case `c`; the database's clock is asked only where there is a time that could be over. */
const caseColumns = `
  c.status as case_status, c.assignee, c.due_ts, c.due_ts is not null and c.due_ts > clock_timestamp() as is_held`;

/** The columns of a recommendation `r`, of its case `c` and of the decision `d` that stands, as `QueueRow` names them. */
export const queueColumns = `
  r.order_id, r.location, r.order_ts, r.delivered_ts, r.delivery_minutes, r.order_total_usd,
  r.recommendation_id, r.ts, r.refund_class, r.refund_usd, r.reason, r.source, r.model, r.policy_version, r.prompt_version,
  r.evidence,
  d.id as decision_id, d.decided_ts, d.refund_class as decided_class, d.amount_usd, d.reason as decided_reason,
  d.decided_by, d.supersedes_id, d.kind, d.reason_code, d.approved_by, ${caseColumns}`;

/** Joins to a case `c` what `queueColumns` shows of it, row by row at any size of the tables. */
export const queueJoins = `
    left join lateral (
      select * from recommender.pg_recommendations where order_id = c.order_id limit 1
    ) as r on true
    left join lateral (select * from refunds.refund_decisions where id = c.decision_id limit 1) as d on true`;

/** A row as the database gives it with `isoTimes`: bigint, numeric and timestamptz are text. */
export type QueueRow = {
  order_id: string;
  location: string | null;
  order_ts: string;
  delivered_ts: string;
  delivery_minutes: number;
  order_total_usd: string;
  recommendation_id: string;
  ts: string;
  refund_class: RefundClass | null;
  refund_usd: string | null;
  reason: string;
  source: RecommendationSource;
  model: string | null;
  policy_version: string;
  prompt_version: string | null;
  /** Checked when it was written. */
  evidence: Evidence;
  case_status: CaseStatus | null;
  assignee: string | null;
  due_ts: string | null;
  is_held: boolean;
} & (StandingRow | { decision_id: null });

type StandingRow = {
  decision_id: string;
  decided_ts: string;
  decided_class: RefundClass;
  amount_usd: string;
  decided_reason: string;
  decided_by: string;
  supersedes_id: string | null;
  kind: Decision['kind'];
  reason_code: string | null;
  approved_by: string | null;
};

/** Turns a row into what the screens show; a claim or a snooze whose time is over has ended, released or not. */
export function readQueueRow(row: QueueRow): QueueItem {
  const isOver = row.due_ts !== null && !row.is_held;
  const caseStatus = isOver ? 'queued' : (row.case_status ?? 'queued');
  return {
    orderId: row.order_id,
    location: row.location,
    orderTs: row.order_ts,
    deliveredTs: row.delivered_ts,
    deliveryMinutes: row.delivery_minutes,
    orderTotalCents: centsFromNumeric(row.order_total_usd),
    suggestion: readSuggestion(row),
    decision: row.decision_id === null ? null : readStanding(row.order_id, row),
    status: isOpen(caseStatus) ? 'pending' : 'decided',
    caseStatus,
    assignee: row.is_held ? row.assignee : null,
    dueTs: row.is_held ? row.due_ts : null,
  };
}

function readSuggestion(row: QueueRow): Suggestion {
  return {
    recommendationId: row.recommendation_id,
    scoredTs: row.ts,
    refundClass: row.refund_class,
    refundCents: row.refund_usd === null ? null : centsFromNumeric(row.refund_usd),
    reason: row.reason,
    source: row.source,
    model: row.model,
    policyVersion: row.policy_version,
    promptVersion: row.prompt_version,
    evidence: row.evidence,
  };
}

function readStanding(orderId: string, row: StandingRow): Decision {
  return {
    id: row.decision_id,
    kind: row.kind,
    orderId,
    decidedTs: row.decided_ts,
    refundClass: row.decided_class,
    amountCents: centsFromNumeric(row.amount_usd),
    reason: row.decided_reason,
    reasonCode: row.reason_code,
    decidedBy: row.decided_by,
    approvedBy: row.approved_by,
    supersedesId: row.supersedes_id,
  };
}
