'use server';

import { guardedAction } from '#lib/auth/index.ts';
import { decideRefundSchema } from '#lib/contract/decision.ts';
import { decideRefund as decide } from '#lib/refunds/index.ts';

const schema = decideRefundSchema.required({ recommendationId: true });

/** Decides a refund as the signed-in person, or requests an approval; a conflict has the current state in `error.current`. */
export const decideRefund = guardedAction(schema, { role: 'reviewer' }, async ({ db, person }, input) => {
  const { decision, approval } = await decide(db, person, input);
  return decision ? { decision } : { approval };
});
