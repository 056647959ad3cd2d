import { describeAccounts } from './describe-accounts.ts';
import { formatColumns, formatDuration } from './format-columns.ts';
import type { Status } from './get-status.ts';

/** The status as text for a terminal. */
export function formatStatus(status: Status): string {
  const { database, lag, backlog, lastBatch } = status;
  const accounts = describeAccounts(status.accounts, backlog.files);
  const facts = [
    ['database', `${database.name} on ${database.kind} Postgres ${database.version}`],
    ['volume', status.volume],
    ['newest event', withAge(status.newestEventTs, lag.newestEventSeconds)],
    ['watermark', status.watermark ?? 'none yet'],
    [
      'last batch',
      lastBatch ? `${lastBatch.id}, ${withAge(lastBatch.committedTs, lag.lastBatchSeconds)}` : 'none yet',
    ],
    [
      'waiting',
      `${backlog.files} files, ${backlog.orders} orders to score, ${backlog.recommendations} recommendations to sync`,
    ],
    ['files', accounts.files],
    ['records', accounts.records],
    ['recommender', describeRecommender(status)],
    ['sync', describeSync(status)],
  ];
  const tables = status.tables.map(({ table, rows }) => [table, rows.toLocaleString('en-US')]);
  return `${formatColumns(facts)}\n${formatColumns([['table', 'rows'], ...tables], [1])}`;
}

function withAge(ts: string | null, seconds: number | null): string {
  if (ts === null || seconds === null) return 'none yet';
  return seconds < 0 ? `${ts} (${formatDuration(seconds)})` : `${ts} (${formatDuration(seconds)} ago)`;
}

function describeRecommender({ recommender }: Status): string {
  const { policy, deferred, deferredSinceTs, agentCallsLastHour, historyUntilTs } = recommender;
  const waiting = deferredSinceTs
    ? `${deferred} deferred, the first since ${deferredSinceTs}`
    : 'none deferred';
  const history = historyUntilTs ? `, history until ${historyUntilTs}` : '';
  return `policy ${policy}, ${waiting}, ${agentCallsLastHour} agent calls in the last hour${history}`;
}

function describeSync({ sync }: Status): string {
  const { state, mode, behind, lagSeconds, error, failingSinceTs, quarantined } = sync;
  const aside = quarantined > 0 ? `, ${quarantined} set aside` : '';
  switch (state) {
    case 'never':
      return 'has not run yet';
    case 'failing':
      return `${mode}, failing since ${failingSinceTs}: ${error}${aside}`;
    case 'stopped':
      return `was continuous, not seen since ${sync.checkedTs}${aside}`;
    case 'behind':
      return `${mode}, ${behind} behind by ${formatDuration(Math.round(lagSeconds))}${aside}`;
    case 'current':
      return `${mode}, the console sees every recommendation${aside}`;
  }
}
