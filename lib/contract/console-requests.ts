import { z } from 'zod';
import { flagText } from './codec.ts';
import { amountText, decideRefundSchema } from './decide-refund.ts';

/** The query of GET /api/summary. */
export const summaryQuerySchema = z.object({ include_zero: flagText.default(false) });

/** The query of GET /api/orders/{id}/events: the driver's position reports are left out unless asked for. */
export const eventsQuerySchema = z.object({ include_pings: flagText.default(false) });

const numberText = z
  .number()
  .refine((usd) => !Object.is(usd, -0), 'is not an amount')
  .transform(String)
  .pipe(amountText);

/**
 * The body of POST /api/refunds. Who decides is the session's person, whatever the body says. A program that
 * departs from the suggestion without a reason code has another reason than those of the list: `other`.
 */
export const refundRequestSchema = z
  .object({
    order_id: decideRefundSchema.shape.orderId,
    recommendation_id: z.int().nonnegative().transform(String).optional(),
    refund_class: decideRefundSchema.shape.refundClass,
    amount_usd: numberText,
    reason: decideRefundSchema.shape.reason,
    reason_code: decideRefundSchema.shape.reasonCode.default('other'),
  })
  .transform((json) => ({
    orderId: json.order_id,
    recommendationId: json.recommendation_id,
    refundClass: json.refund_class,
    amountUsd: json.amount_usd,
    reason: json.reason,
    reasonCode: json.reason_code,
  }));

export const idempotencyKeySchema = decideRefundSchema.shape.idempotencyKey;
