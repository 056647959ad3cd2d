import { z } from 'zod';
import { type DecisionJson, decisionSchema, dollars, encodeDecision, toDollars } from './console-api.ts';
import { refundClasses } from './refund.ts';

const suggestedSchema = z
  .object({
    suggested: z.object({ refund_class: z.enum(refundClasses).nullable(), refund_usd: dollars.nullable() }),
  })
  .transform(({ suggested }) => ({
    suggested: { refundClass: suggested.refund_class, refundCents: suggested.refund_usd },
  }));

/** A decision of the history, with what was suggested when it was made. */
export const pastDecisionSchema = decisionSchema.and(suggestedSchema);
type PastDecision = z.output<typeof pastDecisionSchema>;
type PastDecisionJson = DecisionJson & z.input<typeof suggestedSchema>;

export function encodePastDecision(decision: PastDecision): PastDecisionJson {
  const { refundClass, refundCents } = decision.suggested;
  const refundUsd = refundCents === null ? null : toDollars(refundCents);
  return { ...encodeDecision(decision), suggested: { refund_class: refundClass, refund_usd: refundUsd } };
}
