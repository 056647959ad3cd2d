'use server';

import { guardedAction } from '#lib/auth/index.ts';
import { escalateSchema, orderSchema, rescoreSchema, snoozeSchema } from '#lib/contract/case.ts';
import { resolveApprovalSchema, reverseSchema, undoSchema } from '#lib/contract/decision.ts';
import {
  claimOrder,
  escalateOrder,
  releaseOrder,
  requestRescore,
  snoozeOrder,
  watchOrder,
} from '#lib/refunds/cases/index.ts';
import { resolveApproval, reverseDecision, undoDecision } from '#lib/refunds/index.ts';

export const claim = guardedAction(orderSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  claimOrder(db, person, input),
);
export const release = guardedAction(orderSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  releaseOrder(db, person, input),
);
export const snooze = guardedAction(snoozeSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  snoozeOrder(db, person, input),
);
export const escalate = guardedAction(escalateSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  escalateOrder(db, person, input),
);
export const undo = guardedAction(undoSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  undoDecision(db, person, input),
);
export const reverse = guardedAction(reverseSchema, { role: 'lead' }, ({ db, person }, input) =>
  reverseDecision(db, person, input),
);
export const resolve = guardedAction(resolveApprovalSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  resolveApproval(db, person, input),
);
export const rescore = guardedAction(rescoreSchema, { role: 'reviewer' }, ({ db, person }, input) =>
  requestRescore(db, person, input),
);
/** Who else has the order open, and its version now; records that this person has it open. */
export const watch = guardedAction(
  orderSchema,
  { role: 'viewer', isActivity: false },
  ({ db, person }, input) => watchOrder(db, person, input),
);
