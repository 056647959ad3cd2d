export { checkAccounts, countWaitingFiles, describeAccounts, listDifferences } from './check-accounts.ts';
export { checkReadiness } from './check-readiness.ts';
export { formatColumns, formatDuration, formatHistory, formatStatus } from './format.ts';
export { getStatus } from './get-status.ts';
export { listHistory } from './list-history.ts';
