export { openScorer } from './agent/open-scorer.ts';
export { promptVersionOf } from './agent/prompt.ts';
export { leavesNoChoice, requestRerun } from './deferred/defer-orders.ts';
export type { PolicyAnswer } from './policy/score-order.ts';
export { formatTrace } from './recommendations/format-trace.ts';
export { getTrace } from './recommendations/get-trace.ts';
export { type RecommendOptions, recommendBackfill, recommendContinuously, recommendOnce } from './run.ts';
export { scoreById } from './scoring/score-orders.ts';
export type { Scorer } from './scoring/scorer.ts';
