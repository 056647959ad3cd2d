import type { EventFile } from '#lib/volume/index.ts';
import { type RawRecord, splitRecords } from '#lib/volume/index.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { ParsedBatch, ParseOptions } from './batch.ts';
import type { Instant } from './copy-rows.ts';
import { Drift } from './drift.ts';
import { EventKeys, eventKey } from './event-keys.ts';
import { EventRows, type Origin } from './event-rows.ts';
import { horizonAt, watermarkBehind } from './event-time.ts';
import { type Locations, locateEvent } from './locations.ts';
import { OrderRows } from './order-rows.ts';
import { type ParsedEvent, parseEvent } from './parse-event.ts';
import { PartitionDays } from './partition-days.ts';
import { PlainEvent } from './plain-event.ts';
import { formatInstant, isLater, readInstant } from './read-instant.ts';
import { encodeSource } from './record-source.ts';

/** Letters of an event_id that is its own key. */
const KEY_LENGTH = 32;

type Batch = Pick<ParsedBatch, 'files' | 'records' | 'quarantined' | 'late'> & {
  newest: Instant | undefined;
  /** The plain event at hand. */
  plain: PlainEvent;
  keys: EventKeys;
  events: EventRows;
  orders: OrderRows;
  days: PartitionDays;
  drift: Drift;
};

/** What records are judged by: the watermark as it stood before their file, so that the cut into batches is nothing. */
type Judge = {
  horizon: Instant;
  watermark: Instant | undefined;
  refusal: Rejection | undefined;
  places: Locations;
};

/** Parses files into one batch; a file whose content was taken before, or stands earlier in it, adds nothing. */
export function parseBatch(files: readonly EventFile[], options: ParseOptions): ParsedBatch {
  const batch: Batch = {
    files: [],
    records: 0,
    keys: new EventKeys(options.repeated),
    events: new EventRows(options.context),
    orders: new OrderRows(),
    days: new PartitionDays(),
    drift: new Drift(),
    quarantined: [],
    late: [],
    newest: options.newestTs === undefined ? undefined : readInstant(options.newestTs),
    plain: new PlainEvent(),
  };
  const known = new Map(options.known);
  for (const file of files) {
    const { name, size, modifiedAt, sha256 } = file;
    const duplicateOf = known.get(sha256) ?? null;
    if (size > 0 && !duplicateOf) known.set(sha256, name);
    const judge = judgeBefore(batch, options);
    const counts = duplicateOf ? { records: 0, events: 0, quarantined: 0 } : parseFile(batch, file, judge);
    batch.files.push({ name, size, modifiedAt, sha256, duplicateOf, ...counts });
  }
  return finish(batch, options);
}

function finish(batch: Batch, { context, now }: ParseOptions): ParsedBatch {
  const { files, records, quarantined, late, newest, keys, events, orders, days, drift } = batch;
  const rows = {
    events: events.finish(),
    orders: orders.orders(),
    items: orders.items(context.batchId),
  };
  const event = { events: keys.count, keys: keys.finish(), rows, days: days.believed(now) };
  const newestTs = newest && formatInstant(newest);
  return { files, records, quarantined, late, newestTs, unknownFields: drift.finish(), ...event };
}

function parseFile(batch: Batch, file: EventFile, judge: Judge) {
  const before = {
    records: batch.records,
    events: batch.keys.count,
    quarantined: batch.quarantined.length,
  };
  const origin = { source: Buffer.from(file.name), line: 0 };
  for (const record of recordsOf(file)) {
    batch.records += 1;
    origin.line = record.line;
    const rejection = takeRecord(batch, file, record, origin, judge);
    if (rejection) quarantine(batch, rejection, file, record);
  }
  return {
    records: batch.records - before.records,
    events: batch.keys.count - before.events,
    quarantined: batch.quarantined.length - before.quarantined,
  };
}

function quarantine(batch: Batch, rejection: Rejection, { name: file }: EventFile, record: RawRecord): void {
  batch.quarantined.push({ ...rejection, file, line: record.line, source: encodeSource(record.bytes) });
}

function judgeBefore({ newest }: Batch, { now, watermark, refusal, places }: ParseOptions): Judge {
  const judged = watermark && newest !== undefined;
  return {
    horizon: readInstant(horizonAt(now)),
    watermark: judged ? readInstant(watermarkBehind(formatInstant(newest))) : undefined,
    refusal,
    places,
  };
}

function recordsOf(file: EventFile): Iterable<RawRecord> {
  return file.content ? splitRecords(file.content) : [{ line: 1, bytes: file.raw }];
}

function takeRecord(
  batch: Batch,
  file: EventFile,
  record: RawRecord,
  origin: Origin,
  judge: Judge,
): Rejection | undefined {
  if (!file.content) return { rule: 'unreadable_gzip', reason: 'the file is gzip, but cannot be unpacked' };
  if (judge.refusal) return judge.refusal;
  if (takePlain(batch, record, origin, judge)) return undefined;
  const { value: event, rejection } = parseEvent(record.bytes);
  if (!event) return rejection;
  const instant = readInstant(event.ts);
  if (isLater(instant, judge.horizon)) {
    const horizon = formatInstant(judge.horizon);
    return { rule: 'future_ts', reason: `ts ${event.ts} is later than ${horizon}` };
  }
  moveOn(batch, instant);
  batch.drift.add(event.unknown);
  if (batch.keys.add(eventKey(event.event_id))) addEvent(batch, event, instant, origin, judge);
  return undefined;
}

/** @returns false where the record is not plain, or has to be looked at closely for its time. */
function takePlain(
  batch: Batch,
  { bytes }: RawRecord,
  origin: Origin,
  { horizon, watermark }: Judge,
): boolean {
  const { plain, keys } = batch;
  if (!plain.read(bytes)) return false;
  const { instant, event_id: id } = plain;
  if (isLater(instant, horizon) || (watermark && isLater(watermark, instant))) return false;
  const added = id.end - id.start === KEY_LENGTH ? keys.addAt(bytes, id.start) : undefined;
  if (added === undefined) return false;
  moveOn(batch, instant);
  if (!added) return true;
  batch.events.addPlain(plain, origin);
  const orderId = plain.textOf(plain.order_id);
  if (plain.isDelivery) batch.orders.deliver(orderId, { ...instant }, plain.textOf(id));
  else batch.orders.touch(orderId, instant.ms);
  batch.days.add(instant.ms);
  return true;
}

function moveOn(batch: Batch, instant: Instant): void {
  if (!batch.newest || isLater(instant, batch.newest)) batch.newest = { ...instant };
}

function addEvent(
  batch: Batch,
  event: ParsedEvent,
  instant: Instant,
  origin: Origin,
  { places, watermark }: Judge,
): void {
  const place = locateEvent(event, places);
  batch.events.add(event, instant, place, origin);
  if (event.event_type === 'order_created') batch.orders.create(event, instant, place);
  else if (event.event_type === 'delivered') batch.orders.deliver(event.order_id, instant, event.event_id);
  else batch.orders.touch(event.order_id, instant.ms);
  batch.days.add(instant.ms);
  if (!watermark || !isLater(watermark, instant)) return;
  const { event_id: eventId, event_type: eventType, order_id: orderId, ts } = event;
  batch.late.push({ eventId, eventType, orderId, ts, watermark: formatInstant(watermark) });
}
