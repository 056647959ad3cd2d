import { describeAccounts } from './check-accounts.ts';
import type { Status } from './get-status.ts';
import type { HistoryEntry } from './list-history.ts';
import { describeSilent } from './list-silent-locations.ts';

/** The status as text for a terminal. */
export function formatStatus(status: Status): string {
  const { database, lag, backlog, lastBatch } = status;
  const accounts = describeAccounts(status.accounts, backlog.files, backlog.changedFiles);
  const facts = [
    ['database', `${database.name} on ${database.kind} Postgres ${database.version}`],
    [
      'roles',
      database.hasRoles ? 'one for each part' : `none: every part works with all rights of ${database.user}`,
    ],
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
    ['orders', describeOrders(status)],
    ['locations', describeSilent(status.silentLocations)],
  ];
  const tables = status.tables.map(({ table, rows }) => [table, rows.toLocaleString('en-US')]);
  return `${formatColumns(facts)}\n${formatColumns([['table', 'rows'], ...tables], [1])}`;
}

function withAge(ts: string | null, seconds: number | null): string {
  if (ts === null || seconds === null) return 'none yet';
  return seconds < 0 ? `${ts} (${formatDuration(seconds)})` : `${ts} (${formatDuration(seconds)} ago)`;
}

function describeRecommender({ recommender }: Status): string {
  const { policy, deferred, deferredSinceTs, historyUntilTs } = recommender;
  const waiting = deferredSinceTs
    ? `${deferred} deferred, the first since ${deferredSinceTs}`
    : 'none deferred';
  const history = historyUntilTs ? `, history until ${historyUntilTs}` : '';
  return `policy ${policy}, ${waiting}, ${describeCalls(recommender)}${history}`;
}

function describeCalls(recommender: Status['recommender']): string {
  const { agentStoppedTs: stopped } = recommender;
  const bad = [
    [recommender.agentTimeoutsLastHour, 'timed out'],
    [recommender.agentOutagesLastHour, 'found the server unavailable'],
    [recommender.agentUnusableLastHour, 'were unusable'],
  ] as const;
  const counts = bad.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const calls = `${recommender.agentCallsLastHour} agent calls in the last hour`;
  const details = counts.length > 0 ? ` (${counts.join(', ')})` : '';
  return `${calls}${details}${stopped ? `, agent stopped since ${stopped}: npm run recommend -- resume-agent` : ''}`;
}

function describeSync({ sync }: Status): string {
  const { state, mode, behind, lagSeconds, error, failingSinceTs, quarantined } = sync;
  const problems = quarantined > 0 ? `, ${quarantined} quarantined` : '';
  switch (state) {
    case 'never':
      return 'has not run yet';
    case 'failing':
      return `${mode}, failing since ${failingSinceTs}: ${error}${problems}`;
    case 'stopped':
      return `was continuous, no report since ${sync.checkedTs}${problems}`;
    case 'behind':
      return `${mode}, ${behind} behind by ${formatDuration(Math.round(lagSeconds))}${problems}`;
    case 'current':
      return `${mode}, the console sees every recommendation${problems}`;
  }
}

function describeOrders({ sync }: Status): string {
  const { behind, lagSeconds } = sync.orders;
  if (sync.mode === null) return 'none yet';
  if (behind === 0) return `every change up to ${sync.checkedTs}`;
  return `${behind} changed orders behind by at most ${formatDuration(Math.round(lagSeconds))}`;
}

/** The history of a table as text for a terminal. */
export function formatHistory(entries: HistoryEntry[]): string {
  const rows = entries.map((entry) => [
    String(entry.version),
    entry.timestamp,
    entry.userName,
    entry.operation,
    listPairs(entry.operationParameters),
    listPairs(entry.operationMetrics),
  ]);
  return formatColumns(
    [['version', 'timestamp', 'user', 'operation', 'parameters', 'metrics'], ...rows],
    [0],
  );
}

function listPairs(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** Formats rows of text in columns as wide as their widest cell; the columns in `right` are right-aligned. */
export function formatColumns(rows: string[][], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Seconds in at most two units: 75 → "1 min 15 s"; a time in the future is "in …". */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `in ${formatDuration(-seconds)}`;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = seconds;
  const parts = units.map(([name, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return { amount, text: `${amount} ${name}` };
  });
  const first = parts.findIndex(({ amount }) => amount > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(({ amount }) => amount > 0)
    .map(({ text }) => text)
    .join(' ');
}
