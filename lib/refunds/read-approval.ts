import type { RefundClass } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { ApprovalRequest } from './types.ts';

export const approvalColumns = `id::text, order_id, recommendation_id::text, requested_ts, requested_by,
  refund_class, amount_usd, reason_code, reason`;

export type ApprovalRow = {
  id: string;
  order_id: string;
  recommendation_id: string;
  requested_ts: Date;
  requested_by: string;
  refund_class: RefundClass;
  amount_usd: string;
  reason_code: string | null;
  reason: string;
};

/** Turns a stored request for approval into what the screens show. */
export function readApproval(row: ApprovalRow): ApprovalRequest {
  return {
    id: row.id,
    orderId: row.order_id,
    recommendationId: row.recommendation_id,
    requestedTs: row.requested_ts.toISOString(),
    requestedBy: row.requested_by,
    refundClass: row.refund_class,
    amountCents: centsFromNumeric(row.amount_usd),
    reasonCode: row.reason_code,
    reason: row.reason,
  };
}
