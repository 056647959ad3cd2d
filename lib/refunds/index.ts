export { getLimits, type Limits, setApprovalLimit } from './approval-limit.ts';
export { canDecide, type Permission } from './can-decide.ts';
export { type CaseStep, listSteps } from './can-step.ts';
export { claimNext } from './claim-next.ts';
export { claimOrder } from './claim-order.ts';
export { type BulkOutcome, decideMany } from './decide-many.ts';
export { decideRefund } from './decide-refund.ts';
export { deleteView } from './delete-view.ts';
export { escalateOrder } from './escalate-order.ts';
export { eventStream } from './event-stream.ts';
export { exportDecisions } from './export-decisions.ts';
export { feedOf } from './feed.ts';
export { findOutcome } from './find-outcome.ts';
export { getApproval } from './get-approval.ts';
export { getCase } from './get-case.ts';
export { getRecommendation } from './get-recommendation.ts';
export { getVersion } from './get-version.ts';
export { type CaseMove, listCaseMoves, listRequests, type PastRequest } from './list-case-history.ts';
export { listDecisionHistory } from './list-decision-history.ts';
export { listDecisions } from './list-decisions.ts';
export { listRecommendations } from './list-recommendations.ts';
export { listViews, type SavedView } from './list-views.ts';
export { notePresence } from './note-presence.ts';
export { createPlaces } from './places.ts';
export { type Preview, previewMany } from './preview-many.ts';
export { releaseOrder } from './release-order.ts';
export { requestRescore } from './request-rescore.ts';
export { resolveApproval } from './resolve-approval.ts';
export { reverseDecision } from './reverse-decision.ts';
export { saveView } from './save-view.ts';
export { snoozeOrder } from './snooze-order.ts';
export { summarizeRefunds } from './summarize-refunds.ts';
export { type Told, tellCase } from './tell-case.ts';
export type {
  ApprovalRequest,
  Case,
  Decision,
  PastDecision,
  QueueItem,
  QueuePage,
  RefundSummary,
  Suggestion,
} from './types.ts';
export { undoDecision } from './undo-decision.ts';
