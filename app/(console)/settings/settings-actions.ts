'use server';

import { changePassword as change } from '#lib/auth/change-password.ts';
import { guardedAction } from '#lib/auth/guarded-action.ts';
import { revokeSession } from '#lib/auth/sessions.ts';
import { approvalLimitSchema } from '#lib/contract/case-requests.ts';
import { changePasswordSchema, sessionSchema } from '#lib/contract/people-requests.ts';
import { setApprovalLimit } from '#lib/refunds/approval-limit.ts';

export const endSession = guardedAction(sessionSchema, { role: 'viewer' }, ({ db, person }, input) =>
  revokeSession(db, person, input),
);
/** Ends all sessions of the person, this one too. */
export const changePassword = guardedAction(
  changePasswordSchema,
  { role: 'viewer' },
  ({ db, person, clock }, input) => change(db, person, input, clock),
);
export const setLimit = guardedAction(approvalLimitSchema, { role: 'lead' }, ({ db, person }, input) =>
  setApprovalLimit(db, person, input),
);
