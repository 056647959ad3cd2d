import { isUtf8 } from 'node:buffer';
import {
  bodySchemas,
  type Envelope,
  type EventBody,
  type EventType,
  envelopeKeys,
  envelopeSchema,
  type OrderItem,
} from '#lib/contract/event.ts';
import { parseEpoch } from '#lib/contract/timestamp.ts';
import { messageOf } from '#lib/errors.ts';
import { listMembers, type Span } from '#lib/volume/index.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import { explainBody, explainEnvelope } from './explain-issue.ts';
import { acceptEnvelope, acceptItems } from './fast-path/fast-event-guards.ts';
import { findUnstorable } from './find-unstorable.ts';
import { hasNullField, hasNullInBody } from './null-fields.ts';

/** A larger record is kept in quarantine without being parsed, so that it costs no memory. */
const MAX_BYTES = 16 * 1_048_576;

/**
 * An event as bronze stores it: `body` is the source text of its JSON, `rescued` that of the fields that the contract does
 * not know, `unknown` their names; `items` are the order lines of a creation, `place` is where it goes. `hasNull`
 * says that a field is null that the contract knows.
 */
export type ParsedEvent = Omit<Envelope, 'body'> & {
  body: string;
  rescued: string | null;
  unknown: readonly string[];
  items: readonly OrderItem[];
  place: CustomerPlace | undefined;
  hasNull: boolean;
};

/** Where an order goes, as its creation says. */
export type CustomerPlace = Omit<EventBody<'order_created'>, 'items'>;

type Content = Pick<ParsedEvent, 'items' | 'place' | 'hasNull'>;
type Parsed<Value> = { value: Value; rejection?: undefined } | { value?: undefined; rejection: Rejection };

/**
 * Reads one record by the contract of an event, or says which rule it breaks. It never throws for what it reads.
 * @param horizon the latest event time that is accepted, from `horizonAt`; without one any time is.
 */
export function parseEvent(bytes: Buffer, horizon?: string): Parsed<ParsedEvent> {
  if (bytes.length > MAX_BYTES)
    return reject('record_too_large', `the record has ${bytes.length} bytes, more than ${MAX_BYTES}`);
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD') && !isUtf8(bytes))
    return reject('invalid_utf8', 'the bytes of the record are not UTF-8');
  const record = parseObject(text, 'the record');
  if (!record.value) return record;
  const timed = readNumericTime(record.value, bytes);
  if (!timed.value) return timed;
  const envelope = readEnvelope(timed.value);
  if (!envelope.value) return envelope;
  const { body, event_type: type, ts } = envelope.value;
  const source = typeof body === 'string' ? body : slice(bytes, listMembers(bytes).get('body'));
  const content = readContent(type, source);
  if (!content.value) return content;
  if (horizon !== undefined && ts > horizon) return reject('future_ts', `ts ${ts} is later than ${horizon}`);
  const unknown = listUnknown(record.value);
  const rescued = rescue(unknown, bytes);
  const { items, place } = content.value;
  const hasNull = content.value.hasNull || hasNullField(record.value);
  return { value: { ...envelope.value, body: source, rescued, unknown, items, place, hasNull } };
}

/** Replaces a time that is a number by its instant, from its source: as a double it has lost decimals. */
function readNumericTime(record: object, bytes: Buffer): Parsed<object> {
  if (typeof (record as Record<string, unknown>).ts !== 'number') return { value: record };
  const source = slice(bytes, listMembers(bytes).get('ts'));
  const ts = parseEpoch(source);
  if (ts !== undefined) return { value: { ...record, ts } };
  const reason = `ts ${source.slice(0, 80)} is not clearly seconds, milliseconds or microseconds since 1970`;
  return reject('unclear_timestamp', reason);
}

function readEnvelope(record: object): Parsed<Envelope> {
  const accepted = acceptEnvelope(record);
  if (accepted) return { value: accepted };
  const envelope = envelopeSchema.safeParse(record);
  return envelope.success
    ? { value: envelope.data }
    : explained(explainEnvelope, envelope.error.issues, record);
}

/** The order lines and the place of a body, which only a creation has, and whether one of its fields is null. */
function readContent(type: EventType, source: string): Parsed<Content> {
  const { value: body, rejection } = parseObject(source, 'body');
  if (!body)
    return rejection.rule === 'malformed_json' || rejection.rule === 'not_an_object'
      ? reject('bad_body', rejection.reason)
      : { rejection };
  const accepted = acceptItems(type, body);
  if (accepted) return { value: contentOf(type, body, accepted) };
  const checked = bodySchemas[type].safeParse(body);
  if (!checked.success) return explained(explainBody, checked.error.issues, body);
  return { value: contentOf(type, body, 'items' in checked.data ? checked.data.items : []) };
}

/** The content of a body that was accepted. */
function contentOf(type: EventType, body: object, items: readonly OrderItem[]): Content {
  const place = type === 'order_created' ? placeOf(body as CustomerPlace) : undefined;
  return { items, place, hasNull: hasNullInBody(type, body, items) };
}

function placeOf({ customer_lat, customer_lon, customer_addr }: CustomerPlace): CustomerPlace {
  return { customer_lat, customer_lon, customer_addr };
}

const none: readonly string[] = [];

function listUnknown(record: object): readonly string[] {
  const keys = Object.keys(record);
  return keys.every((key) => envelopeKeys.has(key)) ? none : keys.filter((key) => !envelopeKeys.has(key));
}

function parseObject(text: string, where: string): Parsed<object> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return reject('not_an_object', `${where} is JSON, but no object`);
    const rejection = findUnstorable(text, value, where);
    return rejection ? { rejection } : { value };
  } catch (error) {
    return text.includes('\0')
      ? reject('null_byte', `${where} has a null byte at position ${text.indexOf('\0')}`)
      : reject('malformed_json', `${where} is not JSON: ${messageOf(error)}`);
  }
}

function explained(
  explain: typeof explainBody,
  [issue]: Parameters<typeof explainBody>[0][],
  value: object,
): { rejection: Rejection } {
  return { rejection: issue ? explain(issue, value) : { rule: 'bad_field', reason: 'not an event' } };
}

/** Unknown fields as one JSON object, each value in its exact source. */
function rescue(unknown: readonly string[], bytes: Buffer): string | null {
  if (unknown.length === 0) return null;
  const members = listMembers(bytes);
  const rescued = unknown.map((key) => `${JSON.stringify(key)}:${slice(bytes, members.get(key))}`);
  return `{${rescued.join(',')}}`;
}

function slice(bytes: Buffer, span: Span | undefined): string {
  return span ? bytes.toString('utf8', span.start, span.end) : 'null';
}

function reject(rule: Rejection['rule'], reason: string): { rejection: Rejection } {
  return { rejection: { rule, reason } };
}
