export type { PastRequest } from '../approvals/approval-requests.ts';
export type { CaseMove, CaseTimelineEntry } from './case-timeline.ts';
export { exportDecisions } from './export-decisions.ts';
export { listDecisionHistory, listDecisions, type PastDecision } from './list-decisions.ts';
