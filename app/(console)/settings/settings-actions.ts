'use server';

import { guardedAction } from '#lib/auth/index.ts';
import { changePassword as change, revokeSession } from '#lib/auth/people/index.ts';
import { approvalLimitSchema } from '#lib/contract/decision.ts';
import { changePasswordSchema, sessionSchema } from '#lib/contract/person.ts';
import { setApprovalLimit } from '#lib/refunds/index.ts';

export const endSession = guardedAction(sessionSchema, { role: 'viewer' }, ({ db, person }, input) =>
  revokeSession(db, person, input),
);
/** Also ends all sessions of the person, including this one. */
export const changePassword = guardedAction(
  changePasswordSchema,
  { role: 'viewer' },
  ({ db, person, clock }, input) => change(db, person, input, clock),
);
export const setLimit = guardedAction(approvalLimitSchema, { role: 'lead' }, ({ db, person }, input) =>
  setApprovalLimit(db, person, input),
);
