import { type CaseStatus, isOpen } from '#lib/contract/case.ts';
import type { Evidence, RecommendationSource, RefundClass } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { Decision, QueueItem, Suggestion } from './types.ts';

/** The columns of a case `c`; a claim or a snooze whose time is over has ended, released or not. */
const caseColumns = `
  case when c.due_ts <= clock_timestamp() then 'queued' else coalesce(c.status, 'queued') end as case_status,
  case when c.due_ts > clock_timestamp() then c.assignee end as assignee,
  case when c.due_ts > clock_timestamp() then c.due_ts end as due_ts`;

/** The columns of a recommendation `r`, of its case `c` and of the decision `d` that stands, as `QueueRow` names them. */
export const queueColumns = `
  r.order_id, r.location, r.order_ts, r.delivered_ts, r.delivery_minutes, r.order_total_usd,
  r.recommendation_id, r.ts, r.refund_class, r.refund_usd, r.reason, r.source, r.model, r.policy_version, r.evidence,
  d.id as decision_id, d.decided_ts, d.refund_class as decided_class, d.amount_usd, d.reason as decided_reason,
  d.decided_by, d.supersedes_id, d.kind, d.reason_code, d.approved_by, ${caseColumns}`;

/** A row as the database gives it: bigint and numeric are text. */
export type QueueRow = {
  order_id: string;
  location: string | null;
  order_ts: Date;
  delivered_ts: Date;
  delivery_minutes: number;
  order_total_usd: string;
  recommendation_id: string;
  ts: Date;
  refund_class: RefundClass | null;
  refund_usd: string | null;
  reason: string;
  source: RecommendationSource;
  model: string | null;
  policy_version: string;
  /** Checked when it was written. */
  evidence: Evidence;
  case_status: CaseStatus;
  assignee: string | null;
  due_ts: Date | null;
} & (StandingRow | { decision_id: null });

type StandingRow = {
  decision_id: string;
  decided_ts: Date;
  decided_class: RefundClass;
  amount_usd: string;
  decided_reason: string;
  decided_by: string;
  supersedes_id: string | null;
  kind: Decision['kind'];
  reason_code: string | null;
  approved_by: string | null;
};

/** Turns a row into what the screens show; every type is settled here. */
export function readQueueRow(row: QueueRow): QueueItem {
  return {
    orderId: row.order_id,
    location: row.location,
    orderTs: row.order_ts.toISOString(),
    deliveredTs: row.delivered_ts.toISOString(),
    deliveryMinutes: row.delivery_minutes,
    orderTotalCents: centsFromNumeric(row.order_total_usd),
    suggestion: readSuggestion(row),
    decision: row.decision_id === null ? null : readStanding(row.order_id, row),
    status: isOpen(row.case_status) ? 'pending' : 'decided',
    caseStatus: row.case_status,
    assignee: row.assignee,
    dueTs: row.due_ts?.toISOString() ?? null,
  };
}

function readSuggestion(row: QueueRow): Suggestion {
  return {
    recommendationId: row.recommendation_id,
    scoredTs: row.ts.toISOString(),
    refundClass: row.refund_class,
    refundCents: row.refund_usd === null ? null : centsFromNumeric(row.refund_usd),
    reason: row.reason,
    source: row.source,
    model: row.model,
    policyVersion: row.policy_version,
    evidence: row.evidence,
  };
}

function readStanding(orderId: string, row: StandingRow): Decision {
  return {
    id: row.decision_id,
    kind: row.kind,
    orderId,
    decidedTs: row.decided_ts.toISOString(),
    refundClass: row.decided_class,
    amountCents: centsFromNumeric(row.amount_usd),
    reason: row.decided_reason,
    reasonCode: row.reason_code,
    decidedBy: row.decided_by,
    approvedBy: row.approved_by,
    supersedesId: row.supersedes_id,
  };
}
