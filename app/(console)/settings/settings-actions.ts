'use server';

import { guardedAction } from '#lib/auth/guarded-action.ts';
import { revokeSession } from '#lib/auth/sessions.ts';
import { approvalLimitSchema } from '#lib/contract/case-requests.ts';
import { sessionSchema } from '#lib/contract/people-requests.ts';
import { setApprovalLimit } from '#lib/refunds/approval-limit.ts';

export const endSession = guardedAction(sessionSchema, { role: 'viewer' }, ({ db, person }, input) =>
  revokeSession(db, person, input),
);
export const setLimit = guardedAction(approvalLimitSchema, { role: 'lead' }, ({ db, person }, input) =>
  setApprovalLimit(db, person, input),
);
