import type { CommittedBatch } from '../commit/commit-batch.ts';
import type { PipelineCounts, PipelineOptions } from './options.ts';
import type { ReadAhead } from './read-ahead.ts';

/** A run with its results so far. */
export type Run = PipelineOptions & {
  totals: Omit<PipelineCounts, 'failures'>;
  /** Files that cannot be read now: name → reason. */
  unreadable: Map<string, string>;
  /** Messages that were given and are not repeated. */
  reported: Set<string>;
  /** Failed attempts to reach the database since the last batch. */
  attempts: number;
  /** Ties the entries of the run in the event log together; set by its first entry. */
  runId?: number;
  readAhead: ReadAhead;
};

export const noCounts: Run['totals'] = {
  batches: 0,
  files: 0,
  duplicateFiles: 0,
  filesReadAgain: 0,
  records: 0,
  events: 0,
  duplicates: 0,
  quarantined: 0,
  late: 0,
};

export function countsOf({ totals, unreadable }: Run): PipelineCounts {
  return { ...totals, failures: [...unreadable].map(([file, reason]) => ({ file, reason })) };
}

export function addToTotals({ totals }: Run, batch: CommittedBatch): void {
  totals.batches += 1;
  totals.files += batch.files;
  totals.duplicateFiles += batch.duplicateFiles;
  totals.filesReadAgain += batch.filesReadAgain;
  totals.records += batch.records;
  totals.events += batch.events;
  totals.duplicates += batch.duplicates;
  totals.quarantined += batch.quarantined;
  totals.late += batch.late;
}

export function sayOnce(run: Run, message: string): void {
  if (run.reported.has(message)) return;
  run.reported.add(message);
  run.say(message);
}
