'use server';

import { guardedAction } from '#lib/auth/index.ts';
import { decideRefundSchema } from '#lib/contract/decision.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { ValidationError } from '#lib/errors.ts';
import { decideRefund as decide } from '#lib/refunds/index.ts';

/** `addressOrderId` is the order that the address of the page names when the decision is sent. */
const schema = decideRefundSchema
  .required({ recommendationId: true })
  .extend({ addressOrderId: orderIdText.nullable() });

/**
 * Decides a refund as the signed-in person, or requests an approval; a conflict has the current state in `error.current`.
 * The decision must name the order that the page shows, so that none lands on an order that was just left.
 */
export const decideRefund = guardedAction(
  schema,
  { role: 'reviewer' },
  async ({ db, person }, { addressOrderId, ...input }) => {
    if (addressOrderId !== input.orderId)
      throw new ValidationError(
        'orderId',
        `The decision names order ${input.orderId}, but the page shows another order. Nothing was decided.`,
      );
    const { decision, approval } = await decide(db, person, input);
    return decision ? { decision } : { approval };
  },
);
