import { z } from 'zod';
import { reasonCodes } from './reason-code.ts';
import { refundClasses } from './refund.ts';

const controls = /[^\P{Cc}\n\t]/u;

/** Dollars as people write them: "12", "12.5", "12.50"; no sign, exponent, blank or digit of another script. */
export const amountText = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,2})?$/, 'Enter the amount in dollars and cents, as in 4.50.');

const text = (missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(1000, 'Keep the reason under 1,000 characters.')
    .refine((given) => !controls.test(given), 'The reason holds characters that cannot be read.');

export const orderIdText = z
  .string()
  .min(1)
  .max(200)
  .refine((id) => !id.includes('\0'), 'This is not the number of an order.');
export const idText = z.string().regex(/^\d{1,18}$/, 'This is not a number of ours.');
export const idempotencyKeyText = z
  .string()
  .regex(/^[\w.:-]{8,200}$/, 'The key of the request is 8 to 200 letters and digits.');
export const reasonText = text('Say why, in a few words.');
export const reasonCodeText = z.enum(reasonCodes, 'Choose why you depart from the suggestion.');

/**
 * What a person sends to decide a refund. `recommendationId` is the version that was on the screen; without
 * it, whatever is recommended now counts as seen. Who departs from the suggestion gives a `reasonCode`.
 */
export const decideRefundSchema = z.strictObject({
  orderId: orderIdText,
  recommendationId: z
    .string()
    .regex(/^\d{1,18}$/, 'This is not the number of a recommendation.')
    .optional(),
  refundClass: z.enum(refundClasses, 'Choose no refund, a partial refund or a full refund.'),
  amountUsd: amountText,
  reason: reasonText,
  reasonCode: reasonCodeText.optional(),
  idempotencyKey: idempotencyKeyText,
});
export type DecideRefundInput = z.output<typeof decideRefundSchema>;
