'use server';

import { guardedAction } from '#lib/auth/index.ts';
import { decideManySchema, previewManySchema } from '#lib/contract/decision.ts';
import { queueQuerySchema } from '#lib/contract/queue.ts';
import { decideMany as decide, previewMany as preview } from '#lib/refunds/index.ts';
import { claimNext as claim } from '#lib/refunds/queue/index.ts';

/** Claims the first free order of the queue that the address shows; null where none is free. */
export const claimNext = guardedAction(
  queueQuerySchema,
  { role: 'reviewer' },
  async ({ db, person }, query) => (await claim(db, person, query)) ?? null,
);
export const previewMany = guardedAction(previewManySchema, { role: 'reviewer' }, ({ db, person }, input) =>
  preview(db, person, input),
);
export const decideMany = guardedAction(decideManySchema, { role: 'reviewer' }, ({ db, person }, input) =>
  decide(db, person, input),
);
