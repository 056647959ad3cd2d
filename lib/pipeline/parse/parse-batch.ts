import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { type EventFile, type RawRecord, RecordReader } from '#lib/volume/index.ts';
import type { Rejection, Rule } from '../tables/bronze/rules.ts';
import type { BrokenBefore, ParsedBatch, ParseOptions, RecordSource } from './batch.ts';
import { EventKeys, eventKey } from './event-keys.ts';
import { EventRows, type Origin } from './event-rows.ts';
import { horizonAt, watermarkBehind } from './event-time.ts';
import { findOrderId } from './find-order-id.ts';
import { readInstant } from './instant.ts';
import { type Locations, locateEvent } from './locations.ts';
import { OrderRows } from './order-rows.ts';
import { type ParsedEvent, parseEvent } from './parse-event.ts';

/** A batch while it is parsed. */
type Batch = Pick<
  ParsedBatch,
  'files' | 'records' | 'quarantined' | 'completed' | 'late' | 'nulls' | 'maxEventTs'
> & {
  keys: EventKeys;
  events: EventRows;
  orders: OrderRows;
  /** Days since 1970 in which its events lie. */
  days: Set<number>;
  /** The newest event time of each location. */
  activity: Map<string, string>;
  unknownFields: { records: number; names: Map<string, number> };
};

/**
 * The rules for the records of one file. The watermark is the one before the file, so that it makes no difference how
 * files are divided into batches. Times are texts of the contract: their order is that of the texts.
 */
type BatchRules = {
  horizon: string;
  watermark: string | undefined;
  refusal: Rejection | undefined;
  locations: Locations;
  brokenBefore: ParseOptions['brokenBefore'];
};

/** Parses files into one batch. A file whose content was ingested before, or occurs earlier in the batch, adds nothing. */
export function parseBatch(files: readonly EventFile[], options: ParseOptions): ParsedBatch {
  const batch: Batch = {
    files: [],
    records: 0,
    keys: new EventKeys(options.storedKeys),
    events: new EventRows(options.context),
    orders: new OrderRows(),
    days: new Set(),
    activity: new Map(),
    unknownFields: { records: 0, names: new Map() },
    quarantined: [],
    completed: [],
    late: [],
    nulls: 0,
    maxEventTs: options.maxEventTs,
  };
  const knownContents = new Map(options.knownContents);
  for (const file of files) {
    const { name, size, modifiedAt, sha256 } = file;
    const duplicateOf = knownContents.get(sha256) ?? null;
    if (size > 0 && !duplicateOf) knownContents.set(sha256, name);
    const counts = duplicateOf
      ? { records: 0, events: 0, quarantined: 0 }
      : parseFile(batch, file, rulesAt(batch, options));
    const readAgain = options.brokenBefore.has(name);
    batch.files.push({ name, size, modifiedAt, sha256, duplicateOf, readAgain, ...counts });
  }
  return finish(batch, options);
}

function rulesAt({ maxEventTs }: Batch, options: ParseOptions): BatchRules {
  const { now, watermark, refusal, locations, brokenBefore } = options;
  return {
    horizon: horizonAt(now),
    watermark: watermark && maxEventTs !== undefined ? watermarkBehind(maxEventTs) : undefined,
    refusal,
    locations,
    brokenBefore,
  };
}

function parseFile(batch: Batch, file: EventFile, rules: BatchRules) {
  const [records, events, quarantined] = [batch.records, batch.keys.count, batch.quarantined.length];
  const origin = { file: Buffer.from(file.name), line: 0 };
  const reader = readRecords(file);
  const before = rules.brokenBefore.get(file.name);
  for (let record = reader.next(); record; record = reader.next()) {
    const { line, bytes } = record;
    origin.line = line;
    const rejection = addRecord(batch, file, bytes, origin, rules);
    if (rejection && noJson.has(rejection.rule) && reader.splitAgain()) continue;
    batch.records += 1;
    if (rejection) quarantine(batch, rejection, { file: file.name, line, bytes }, before);
    else if (before) batch.completed.push(...findCompleted(before, line, bytes));
  }
  return {
    records: batch.records - records,
    events: batch.keys.count - events,
    quarantined: batch.quarantined.length - quarantined,
  };
}

/** A record that an earlier reading of its file put into quarantine is there already: it counts as a duplicate. */
function quarantine(
  batch: Batch,
  rejection: Rejection,
  { file, line, bytes }: RawRecord & { file: string },
  before: readonly BrokenBefore[] | undefined,
): void {
  const source = encodeSource(bytes);
  if (before?.some(({ hash }) => hash === md5(source.bytes))) return;
  batch.quarantined.push({ ...rejection, file, line, source, orderId: findOrderId(bytes) });
}

/** The records in quarantine that were cut off in an earlier reading, and of which this event is the whole. */
function findCompleted(before: readonly BrokenBefore[], line: number, bytes: Buffer): number[] {
  return before
    .filter((cut) => cut.isOpen && cut.line === line && cut.length < bytes.length)
    .filter(({ length, hash }) => md5(bytes.subarray(0, length)) === hash)
    .map(({ id }) => id);
}

function md5(bytes: Uint8Array): string {
  return hash('md5', bytes);
}

/** The rules of a record that was not parsed as JSON. */
const noJson: ReadonlySet<Rule> = new Set([
  'malformed_json',
  'null_byte',
  'invalid_utf8',
  'record_too_large',
]);

/** A file that cannot be unpacked is one record that breaks a rule. */
function readRecords({ content, raw }: EventFile): Pick<RecordReader, 'next' | 'splitAgain'> {
  if (content) return new RecordReader(content);
  const records: RawRecord[] = [{ line: 1, bytes: raw }];
  return { next: () => records.pop(), splitAgain: () => false };
}

/** @returns the rule that the record breaks; undefined if it is an event, new or not. */
function addRecord(
  batch: Batch,
  file: EventFile,
  bytes: Buffer,
  origin: Origin,
  rules: BatchRules,
): Rejection | undefined {
  if (!file.content) return { rule: 'unreadable_gzip', reason: 'the file is gzip, but cannot be unpacked' };
  const { value: event, rejection } = parseEvent(bytes, rules.horizon);
  if (!event) return rejection;
  if (rules.refusal) return rules.refusal;
  advanceMaxEventTime(batch, event.ts);
  countUnknownFields(batch, event.unknown);
  if (event.hasNull) batch.nulls += 1;
  if (batch.keys.add(eventKey(event.event_id))) addEvent(batch, event, origin, rules);
  return undefined;
}

function advanceMaxEventTime(batch: Batch, ts: string): void {
  if (batch.maxEventTs === undefined || ts > batch.maxEventTs) batch.maxEventTs = ts;
}

function addEvent(
  batch: Batch,
  event: ParsedEvent,
  origin: Origin,
  { locations, watermark }: BatchRules,
): void {
  const instant = readInstant(event.ts);
  const location = locateEvent(event, locations);
  batch.events.add(event, instant, location, origin);
  batch.orders.add(event, instant, location);
  batch.days.add(Math.floor(instant.ms / DAY_MS));
  advanceActivity(batch, location.location, event.ts);
  if (watermark === undefined || event.ts >= watermark) return;
  const { event_id: eventId, event_type: eventType, order_id: orderId, ts } = event;
  batch.late.push({ eventId, eventType, orderId, ts, watermark });
}

function advanceActivity({ activity }: Batch, location: string | null, ts: string): void {
  if (location === null) return;
  const newest = activity.get(location);
  if (newest === undefined || ts > newest) activity.set(location, ts);
}

function finish(batch: Batch, { context, now }: ParseOptions): ParsedBatch {
  const { keys, events, orders, days, activity, unknownFields, ...rest } = batch;
  return {
    ...rest,
    unknownFields: { ...unknownFields, names: Object.fromEntries(unknownFields.names) },
    events: keys.count,
    keys: keys.finish(),
    rows: {
      events: events.finish(),
      orders: orders.orders(),
      items: orders.items(context.batchId),
      places: orders.places(),
    },
    days: selectPartitionDays(days, now),
    activity: [...activity].map(([location, ts]) => ({ location, ts })),
  };
}

/** The source is the record's own bytes where possible: a record may be as large as its file. */
function encodeSource(bytes: Buffer): RecordSource {
  return isUtf8(bytes) && !bytes.includes(0)
    ? { bytes, encoding: 'text' }
    : { bytes: Buffer.from(bytes.toString('base64'), 'latin1'), encoding: 'base64' };
}

/** Limits of what is reported of unknown fields: a writer may invent a new name for every record. */
const MAX_NAMES = 50;
const MAX_NAME_LENGTH = 100;

/** Counts unknown fields by name; names beyond the first 50 count as records only. */
function countUnknownFields({ unknownFields }: Batch, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  unknownFields.records += 1;
  for (const field of unknown) {
    const name = field.slice(0, MAX_NAME_LENGTH).toWellFormed();
    const count = unknownFields.names.get(name);
    if (count !== undefined || unknownFields.names.size < MAX_NAMES)
      unknownFields.names.set(name, (count ?? 0) + 1);
  }
}

const DAY_MS = 86_400_000;
/** Older days stay in the default partition, so that implausible timestamps cannot create any number of tables. */
const MAX_AGE_DAYS = 10 * 366;
/** Each new partition holds a handful of locks until the batch commits; the newest days come first. */
const MAX_NEW_PARTITIONS = 64;

/** The days, given as days since 1970, that get a partition of their own, as "YYYY-MM-DD". */
function selectPartitionDays(days: ReadonlySet<number>, now: Date): string[] {
  const oldest = Math.floor(now.getTime() / DAY_MS) - MAX_AGE_DAYS;
  return [...days]
    .filter((day) => day >= oldest)
    .sort((a, b) => b - a)
    .slice(0, MAX_NEW_PARTITIONS)
    .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
}
