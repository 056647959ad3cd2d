import type { Rejection } from '../tables/bronze/rules.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import type { UnknownFields } from './drift.ts';
import type { Locations } from './locations.ts';

/** A file of a batch as the ledger keeps it; `size` in bytes, `records`, `events` (those it added) and `quarantined` in records. */
export type TakenFile = {
  name: string;
  size: number;
  modifiedAt: Date;
  sha256: string;
  /** The file that brought the same content first. */
  duplicateOf: string | null;
  records: number;
  events: number;
  quarantined: number;
};

/** The source of a record without loss, as the UTF-8 of a text that a text column holds. */
export type RecordSource = { bytes: Uint8Array; encoding: 'text' | 'base64' };

/** A record that breaks a rule of ingestion: its file and line, its source without loss, and why. */
export type QuarantinedRecord = Rejection & { file: string; line: number; source: RecordSource };

/** An event older than the watermark when its file was taken, and not stored before; times to the microsecond. */
export type LateEvent = {
  eventId: string;
  eventType: string;
  orderId: string;
  ts: string;
  watermark: string;
};

/** The files of one micro-batch, parsed: all that its transaction writes, and nothing that a thread cannot hand over. */
export type ParsedBatch = {
  files: TakenFile[];
  /** Records of the files, and of those the events that were not in it before. */
  records: number;
  events: number;
  /** The keys of these events, 16 bytes each. */
  keys: Uint8Array;
  /** Rows as the bytes of a COPY each. */
  rows: { events: Uint8Array[]; orders: Uint8Array[]; items: Uint8Array[] };
  /** The UTC days that are to have partitions. */
  days: string[];
  quarantined: QuarantinedRecord[];
  late: LateEvent[];
  /** Of the records that no rule dropped. */
  unknownFields: UnknownFields;
  /** The newest event time of the stream up to and with this batch. */
  newestTs: string | undefined;
};

export type ParseOptions = {
  context: Pick<BatchContext, 'batchId' | 'takenAt'>;
  places: Locations;
  /** The contents that were taken before: sha256 → the file that brought each first. */
  known: ReadonlyMap<string, string>;
  /** The pipeline's clock. */
  now: Date;
  /** The newest event time of the stream before this batch. */
  newestTs: string | undefined;
  /** Whether a watermark stands behind it; a drain of a backlog has none. */
  watermark: boolean;
  /** The keys, 16 bytes each, of events that were taken before, as far as they may be among these. */
  repeated: Uint8Array;
  /** Set where the database refused these files: all their records go to quarantine, for this reason. */
  refusal?: Rejection | undefined;
};
