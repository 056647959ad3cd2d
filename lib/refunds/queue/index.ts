export type { QueueItem, Suggestion } from '../rules/records.ts';
export { claimNext } from './claim-next.ts';
export { listRecommendations, type QueuePage } from './list-recommendations.ts';
export { getRecommendation } from './queue-item.ts';
export { deleteView, listViews, type SavedView, saveView } from './saved-views.ts';
export { type RefundSummary, summarizeRefunds } from './summarize-refunds.ts';
