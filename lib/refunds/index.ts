export { resolveApproval } from './approvals/resolve-approval.ts';
export type { FactsChange } from './cases/facts-change.ts';
export { type BulkOutcome, decideMany, type Preview, previewMany } from './decisions/decide-many.ts';
export { decideRefund } from './decisions/decide-refund.ts';
export { findOutcome } from './decisions/find-outcome.ts';
export { reverseDecision, undoDecision } from './decisions/revoke-decision.ts';
export { loadCase } from './load-case.ts';
export { getLimits, type Limits, setApprovalLimit } from './rules/limits.ts';
export type { ApprovalRequest, Decision } from './rules/records.ts';
