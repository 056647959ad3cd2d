import { z } from 'zod';
import { type Cents, toDecimal } from '#lib/money.ts';
import { type RefundClass, refundClasses } from './refund.ts';

type Approval = {
  id: string;
  orderId: string;
  requestedTs: string;
  requestedBy: string;
  refundClass: RefundClass;
  amountCents: Cents;
  reasonCode: string | null;
  reason: string;
};

/** What POST /api/refunds answers with 202 where the amount waits for a second person. */
export const approvalJsonSchema = z.object({
  approval_id: z.int(),
  status: z.literal('pending_approval'),
  order_id: z.string(),
  requested_ts: z.iso.datetime(),
  requested_by: z.string(),
  refund_class: z.enum(refundClasses),
  amount_usd: z.number(),
  reason_code: z.string().nullable(),
  reason: z.string(),
});
export type ApprovalJson = z.output<typeof approvalJsonSchema>;

export function encodeApproval(approval: Approval): ApprovalJson {
  return {
    approval_id: Number(approval.id),
    status: 'pending_approval',
    order_id: approval.orderId,
    requested_ts: approval.requestedTs,
    requested_by: approval.requestedBy,
    refund_class: approval.refundClass,
    amount_usd: Number(toDecimal(approval.amountCents)),
    reason_code: approval.reasonCode,
    reason: approval.reason,
  };
}
