import { z } from 'zod';
import { decisionSchema, dollars, encodeDecision } from './console-api.ts';
import { approvalJsonSchema, encodeApproval } from './console-approval.ts';
import { decideRefundSchema } from './decide-refund.ts';

/** The query of GET /api/refunds: the order, and the key of a request whose answer was lost. */
export const outcomeQuerySchema = z
  .object({
    order_id: decideRefundSchema.shape.orderId,
    idempotency_key: decideRefundSchema.shape.idempotencyKey,
  })
  .transform((json) => ({ orderId: json.order_id, idempotencyKey: json.idempotency_key }));

const approvalSchema = approvalJsonSchema
  .extend({ recommendation_id: z.int(), amount_usd: dollars })
  .transform((json) => ({
    id: String(json.approval_id),
    orderId: json.order_id,
    recommendationId: String(json.recommendation_id),
    requestedTs: json.requested_ts,
    requestedBy: json.requested_by,
    refundClass: json.refund_class,
    amountCents: json.amount_usd,
    reasonCode: json.reason_code,
    reason: json.reason,
  }));

/** GET /api/refunds: what a key has led to; both are null where nothing was written. */
export const outcomeSchema = z.object({
  decision: decisionSchema.nullable(),
  approval: approvalSchema.nullable(),
});
type Outcome = z.output<typeof outcomeSchema>;

export function encodeOutcome({ decision, approval }: Partial<Outcome>): z.input<typeof outcomeSchema> {
  return {
    decision: decision ? encodeDecision(decision) : null,
    approval: approval
      ? { ...encodeApproval(approval), recommendation_id: Number(approval.recommendationId) }
      : null,
  };
}
