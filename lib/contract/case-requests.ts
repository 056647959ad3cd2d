import { z } from 'zod';
import {
  amountText,
  idempotencyKeyText,
  idText,
  orderIdText,
  reasonCodeText,
  reasonText,
} from './decide-refund.ts';
import { queueQuerySchema } from './queue.ts';

/** Claims, releases: what names an order and nothing else. */
export const orderSchema = z.strictObject({ orderId: orderIdText });

/** Puts an order aside for `minutes`, from five minutes to 30 days. */
export const snoozeSchema = z.strictObject({
  orderId: orderIdText,
  minutes: z.int().min(5, 'Snooze for at least 5 minutes.').max(43_200, 'Snooze for 30 days at most.'),
  note: reasonText,
});

export const escalateSchema = z.strictObject({ orderId: orderIdText, note: reasonText });

/** Takes back a decision of a moment ago. */
export const undoSchema = z.strictObject({
  orderId: orderIdText,
  decisionId: idText,
  idempotencyKey: idempotencyKeyText,
});

/** Reverses a decision that stands, however old. */
export const reverseSchema = undoSchema.extend({ reason: reasonText });

/** A second person's word on a decision above the limit; `withdrawn` is the first person's own. */
export const resolveApprovalSchema = z.strictObject({
  orderId: orderIdText,
  requestId: idText,
  outcome: z.enum(['approved', 'rejected', 'withdrawn']),
  reason: reasonText.optional(),
});

/** One decision for up to 200 orders: as suggested for each, or no refund. */
export const decideManySchema = z.strictObject({
  orders: z
    .array(z.strictObject({ orderId: orderIdText, recommendationId: idText }))
    .min(1, 'Select at least one order.')
    .max(200, 'Decide 200 orders at most at once.')
    .refine(
      (orders) => new Set(orders.map(({ orderId }) => orderId)).size === orders.length,
      'An order is named twice.',
    ),
  choice: z.enum(['accept', 'deny']),
  reason: reasonText.optional(),
  reasonCode: reasonCodeText.optional(),
  idempotencyKey: idempotencyKeyText.max(160),
});

/** What a bulk decision would do. */
export const previewManySchema = decideManySchema.pick({ orders: true, choice: true });

/** The queue of GET /api/recommendations whose first free order is claimed. */
export const claimNextSchema = z.preprocess(
  (search) => Object.fromEntries(new URLSearchParams(typeof search === 'string' ? search : '')),
  queueQuerySchema,
);

/** What one person refunds alone: in one decision and, where that is not empty, in a day. */
export const approvalLimitSchema = z.strictObject({
  limitUsd: amountText,
  dailyLimitUsd: z.union([z.literal(''), amountText]).optional(),
  reason: reasonText,
});

export type SnoozeInput = z.output<typeof snoozeSchema>;
export type EscalateInput = z.output<typeof escalateSchema>;
export type UndoInput = z.output<typeof undoSchema>;
export type ReverseInput = z.output<typeof reverseSchema>;
export type ResolveApprovalInput = z.output<typeof resolveApprovalSchema>;
export type DecideManyInput = z.output<typeof decideManySchema>;
export type ApprovalLimitInput = z.output<typeof approvalLimitSchema>;
