import { isUtf8 } from 'node:buffer';
import {
  bodySchemas,
  type Envelope,
  envelopeKeys,
  envelopeSchema,
  type OrderItem,
} from '#lib/contract/event.ts';
import { messageOf } from '#lib/errors.ts';
import { listMembers, type Span } from '#lib/volume/scan-json.ts';
import { explainBody, explainEnvelope } from './explain-issue.ts';
import { findUnstorable } from './find-unstorable.ts';
import type { Rejection } from './rules.ts';

/** Bytes of a record at most: what is larger is kept as it came and never parsed, so that it costs no memory. */
const LARGEST = 16 * 1_048_576;

/**
 * An event as bronze takes it: `body` is the source text of its JSON, `rescued` that of the fields that the contract does
 * not know, `unknown` their names; `items` are the lines of a creation.
 */
export type ParsedEvent = Omit<Envelope, 'body'> & {
  body: string;
  rescued: string | null;
  unknown: readonly string[];
  items: readonly OrderItem[];
};

type Parsed<Value> = { value: Value; rejection?: undefined } | { value?: undefined; rejection: Rejection };

/** Reads one record by the contract of an event, or says which rule it breaks. Never throws for what it reads. */
export function parseEvent(bytes: Buffer): Parsed<ParsedEvent> {
  if (bytes.length > LARGEST)
    return reject('record_too_large', `the record has ${bytes.length} bytes, more than ${LARGEST}`);
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD') && !isUtf8(bytes))
    return reject('invalid_utf8', 'the bytes of the record are not UTF-8');
  const record = parseObject(text, 'the record');
  if (!record.value) return record;
  const envelope = envelopeSchema.safeParse(record.value);
  if (!envelope.success) return explained(explainEnvelope, envelope.error.issues, record.value);
  const { body: given, ...fields } = envelope.data;
  const source = typeof given === 'string' ? given : slice(bytes, listMembers(bytes).get('body'));
  const body = parseObject(source, 'body');
  if (!body.value)
    return body.rejection.rule === 'malformed_json' || body.rejection.rule === 'not_an_object'
      ? reject('bad_body', body.rejection.reason)
      : body;
  const checked = bodySchemas[fields.event_type].safeParse(body.value);
  if (!checked.success) return explained(explainBody, checked.error.issues, body.value);
  const items = 'items' in checked.data ? checked.data.items : [];
  const unknown = Object.keys(record.value).filter((key) => !envelopeKeys.has(key));
  return { value: { ...fields, body: source, rescued: rescue(unknown, bytes), unknown, items } };
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
