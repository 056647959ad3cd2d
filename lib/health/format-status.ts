import { formatColumns, formatDuration } from './format-columns.ts';
import type { Status } from './get-status.ts';

/** The status as text for a terminal. */
export function formatStatus(status: Status): string {
  const { database, lag, backlog, lastBatch } = status;
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
  ];
  const tables = status.tables.map(({ table, rows }) => [table, rows.toLocaleString('en-US')]);
  return `${formatColumns(facts)}\n${formatColumns([['table', 'rows'], ...tables], [1])}`;
}

function withAge(ts: string | null, seconds: number | null): string {
  if (ts === null || seconds === null) return 'none yet';
  return seconds < 0 ? `${ts} (${formatDuration(seconds)})` : `${ts} (${formatDuration(seconds)} ago)`;
}
