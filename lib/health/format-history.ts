import { formatColumns } from './format-columns.ts';
import type { HistoryEntry } from './list-history.ts';

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
