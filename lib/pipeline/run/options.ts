import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { CommittedBatch } from '../commit/commit-batch.ts';
import type { BatchLimits, FileFailure } from '../parse/reader/reader.ts';
import type { Action } from '../tables/dataset/dataset.ts';
import type { AddressKey } from '../writer/address-key.ts';
import type { LeaseSettings } from '../writer/lease.ts';

/** Limits of a micro-batch. A transaction costs milliseconds however small it is, so small files share one. */
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
   * `once` ingests the files that are there and ends; no event is late. `continuous` goes on until `signal` aborts,
   * after the current batch; `scheduled` ingests every `everyMs` and releases the database in between.
   */
  mode: 'once' | 'continuous' | 'scheduled';
  everyMs?: number;
  limits: BatchLimits;
  /** Overrides the declared actions of expectations, each named "table.expectation". */
  actions?: ReadonlyMap<string, Action>;
  /** The key of the hashes of addresses. */
  addressKey: AddressKey;
  lease?: LeaseSettings;
  clock: Clock;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  signal: AbortSignal;
  /** Gets messages for people. */
  say(message: string): void;
  /** Called after every batch, with the number of listed files that are left. */
  onBatch?(batch: CommittedBatch, pending: number): void;
};

/** What a run did, in files and records; `failures` are files that could not be read and are left for later. */
export type PipelineCounts = {
  batches: number;
  files: number;
  duplicateFiles: number;
  /** Files that were ingested before and had changed. */
  filesReadAgain: number;
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  /** Events that were older than the watermark; bronze and silver have them. */
  late: number;
  failures: FileFailure[];
};
