import type { Rejection } from '../tables/bronze/rules.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import type { Locations } from './locations.ts';

/** A file of a batch as `lakeflow.ingested_files` keeps it: `size` in bytes; `events` counts the new ones. */
export type IngestedFile = {
  name: string;
  size: number;
  modifiedAt: Date;
  sha256: string;
  /** The file that brought the same content first; this one adds nothing. */
  duplicateOf: string | null;
  /** Whether it was ingested before and had changed. */
  readAgain: boolean;
  records: number;
  events: number;
  quarantined: number;
};

/** The source of a record without loss, as UTF-8 that a text column can hold. */
export type RecordSource = { bytes: Uint8Array; encoding: 'text' | 'base64' };

/** A record that breaks a rule of ingestion: where it came from, its source, and the rule. */
export type QuarantinedRecord = Rejection & {
  file: string;
  line: number;
  source: RecordSource;
  /** The order that it names, where that can be read. */
  orderId: string | null;
};

/** A record that an earlier reading of a file put into quarantine: the md5 of its source, which has `length` bytes. */
export type BrokenBefore = { id: number; line: number; hash: string; length: number; isOpen: boolean };

/** A new event that was older than the watermark when its file was read; times are ISO 8601 with microseconds. */
export type LateEvent = {
  eventId: string;
  eventType: string;
  orderId: string;
  ts: string;
  watermark: string;
};

/** How many records of a batch had fields that the contract does not know, and how many had each of these. */
export type UnknownFields = { records: number; names: Record<string, number> };

/** The files of one micro-batch, parsed: everything that its transaction writes. A thread can hand it over. */
export type ParsedBatch = {
  files: IngestedFile[];
  /** Records of the files, and how many of them are events that are not stored yet. */
  records: number;
  events: number;
  /** The keys of the new events, 16 bytes each. */
  keys: Uint8Array;
  /** Rows as the bytes of one COPY each. */
  rows: { events: Uint8Array[]; orders: Uint8Array[]; items: Uint8Array[]; places: Uint8Array[] };
  /** The UTC days that get a partition of their own, as "YYYY-MM-DD". */
  days: string[];
  quarantined: QuarantinedRecord[];
  /** The numbers of records in quarantine that the file now has in full, as events. */
  completed: number[];
  late: LateEvent[];
  /** The newest of its new events for each location, as ISO 8601 with microseconds. */
  activity: { location: string; ts: string }[];
  unknownFields: UnknownFields;
  /** How many records that are events have a field of the contract that is null. */
  nulls: number;
  /** The newest event time of the stream up to and including this batch. */
  maxEventTs: string | undefined;
};

export type ParseOptions = {
  context: Pick<BatchContext, 'batchId' | 'ingestedAt'>;
  locations: Locations;
  /** Contents that were ingested before: sha256 → the file that brought it first. */
  knownContents: ReadonlyMap<string, string>;
  /** The time by the pipeline's clock. */
  now: Date;
  /** The newest event time of the stream before this batch. */
  maxEventTs: string | undefined;
  /** Whether events can be late. A drain of a backlog has no watermark. */
  watermark: boolean;
  /** The keys, 16 bytes each, of events that are already stored, as far as they may occur in these files. */
  storedKeys: Uint8Array;
  /** Of each file that is read again, its records in quarantine. */
  brokenBefore: ReadonlyMap<string, readonly BrokenBefore[]>;
  /** Set where the database refused these files: all their records go to quarantine for this reason. */
  refusal?: Rejection | undefined;
};
