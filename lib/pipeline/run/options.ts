import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { CommittedBatch } from '../commit/commit-batch.ts';
import type { BatchLimits, FileFailure } from '../parse/reader/read-files.ts';
import type { Action } from '../tables/dataset/dataset.ts';
import type { LeaseSettings } from '../writer/lease.ts';

/** Limits of a micro-batch: a transaction costs milliseconds whatever it holds, so small files share one. */
export const defaultLimits: BatchLimits = {
  maxFiles: 1000,
  maxBytes: 4 * 1_048_576,
  maxFileBytes: 256 * 1_048_576,
};

export type PipelineOptions = {
  db: Database;
  /** The directory of the event files. */
  volume: string;
  /**
   * `once` drains what is there and ends, whatever the order of its events. `continuous` goes on until `signal`
   * aborts, after the batch at hand; `scheduled` does so every `everyMs`, and leaves the database to others meanwhile.
   */
  mode: 'once' | 'continuous' | 'scheduled';
  everyMs?: number;
  limits: BatchLimits;
  /** Expectations, as "table.name", that are to act otherwise than they are declared. */
  actions?: ReadonlyMap<string, Action>;
  lease?: LeaseSettings;
  clock: Clock;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  signal: AbortSignal;
  /** Talk for people. */
  say(message: string): void;
  /** Called after every batch, with the number of listed files that are left. */
  onBatch?(batch: CommittedBatch, pending: number): void;
};

/** What a run did, in files and records; `failures` are files that could not be read and are left for later. */
export type PipelineCounts = {
  batches: number;
  files: number;
  duplicateFiles: number;
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  /** Events that lay behind the watermark; bronze and silver took them. */
  late: number;
  failures: FileFailure[];
};
