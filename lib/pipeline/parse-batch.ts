import type { EventFile } from '#lib/volume/read-file.ts';
import { type RawRecord, splitRecords } from '#lib/volume/split-records.ts';
import type { CopyRows } from './bronze/copy-rows.ts';
import { parseEvent } from './bronze/parse-event.ts';
import type { Rejection } from './bronze/rules.ts';
import { createStagedEvents, stageEvent } from './bronze/staged-events.ts';
import type { LateEvent } from './late-events.ts';
import type { TakenFile } from './ledger.ts';
import type { QuarantinedRecord } from './quarantine.ts';
import { horizonAt, laterOf, watermarkBehind } from './watermark.ts';

/** The files of one micro-batch, parsed: all that its transaction writes. */
export type ParsedBatch = {
  files: TakenFile[];
  events: CopyRows;
  quarantined: QuarantinedRecord[];
  late: LateEvent[];
  /** The newest event time of the stream up to and with this batch. */
  newestTs: string | undefined;
};

export type ParseOptions = {
  /** The contents that were taken before: sha256 → the file that brought each first. */
  known: ReadonlyMap<string, string>;
  /** The pipeline's clock. */
  now: Date;
  /** The newest event time of the stream before this batch. */
  newestTs: string | undefined;
  /** Whether a watermark stands behind it; a drain of a backlog has none. */
  watermark: boolean;
  /** Set where the database refused these files: all their records go to quarantine, for this reason. */
  refusal?: Rejection | undefined;
};

/** What records are judged by: the watermark as it stood before their file, so that the cut into batches is nothing. */
type Judge = { horizon: string; watermark: string | undefined; refusal: Rejection | undefined };

/** Parses files into one batch; a file whose content was taken before, or stands earlier in it, adds nothing. */
export function parseBatch(files: readonly EventFile[], options: ParseOptions): ParsedBatch {
  const batch: ParsedBatch = {
    files: [],
    events: createStagedEvents(),
    quarantined: [],
    late: [],
    newestTs: options.newestTs,
  };
  const known = new Map(options.known);
  for (const file of files) {
    const { name, size, modifiedAt, sha256 } = file;
    const duplicateOf = known.get(sha256) ?? null;
    if (size > 0 && !duplicateOf) known.set(sha256, name);
    const counts = duplicateOf ? { records: 0, quarantined: 0 } : parseFile(batch, file, options);
    batch.files.push({ name, size, modifiedAt, sha256, duplicateOf, ...counts });
  }
  return batch;
}

function parseFile(batch: ParsedBatch, file: EventFile, options: ParseOptions) {
  const before = batch.quarantined.length;
  const judge = judgeBefore(batch, options);
  let records = 0;
  for (const record of recordsOf(file)) {
    records += 1;
    const rejection = takeRecord(batch, file, record, judge);
    if (rejection) batch.quarantined.push({ ...rejection, file: file.name, ...record });
  }
  return { records, quarantined: batch.quarantined.length - before };
}

function judgeBefore({ newestTs }: ParsedBatch, { now, watermark, refusal }: ParseOptions): Judge {
  const judged = watermark && newestTs !== undefined;
  return { horizon: horizonAt(now), watermark: judged ? watermarkBehind(newestTs) : undefined, refusal };
}

function recordsOf(file: EventFile): Iterable<RawRecord> {
  return file.content ? splitRecords(file.content) : [{ line: 1, bytes: file.raw }];
}

function takeRecord(
  batch: ParsedBatch,
  file: EventFile,
  record: RawRecord,
  { horizon, watermark, refusal }: Judge,
): Rejection | undefined {
  if (!file.content) return { rule: 'unreadable_gzip', reason: 'the file is gzip, but cannot be unpacked' };
  if (refusal) return refusal;
  const { value: event, rejection } = parseEvent(record.bytes);
  if (!event) return rejection;
  const { event_id: eventId, ts } = event;
  if (ts > horizon) return { rule: 'future_ts', reason: `ts ${ts} is later than ${horizon}` };
  stageEvent(batch.events, event, file.name, record.line);
  if (watermark !== undefined && ts < watermark)
    batch.late.push({ eventId, ts, watermark, file: file.name, line: record.line });
  batch.newestTs = laterOf(batch.newestTs, ts);
  return undefined;
}
