import { splitRecords } from '#lib/volume/index.ts';
import { parseEvent } from '../parse/parse-event.ts';
import type { Rejection } from '../tables/bronze/rules.ts';

/** A record in quarantine; `raw` as it came, `replacement` as a person has mended it. */
export type QuarantinedSource = {
  id: number;
  file: string;
  line: number;
  raw: string;
  encoding: 'text' | 'base64';
  replacement: string | null;
};

/** The events that a record holds now, one of a plain record, or the rule that still keeps it out. */
export type Reading =
  | { events: { eventId: string; ts: string }[]; rejection?: undefined }
  | { events?: undefined; rejection: Rejection };

/** The columns of `QuarantinedSource`, as a select list. */
export const sourceColumns = `
  id::integer as id, source_file as file, line_no as line, raw, raw_encoding as encoding, replacement`;

/** What is taken of the record: the mended text, else its bytes as they came. */
export function bytesOf({ raw, encoding, replacement }: QuarantinedSource): Buffer {
  return replacement === null
    ? Buffer.from(raw, encoding === 'text' ? 'utf8' : 'base64')
    : Buffer.from(replacement);
}

/** Reads the record anew by the rules of today. @param horizon the latest event time that is believed. */
export function readQuarantined(source: QuarantinedSource, horizon: string): Reading {
  const events: { eventId: string; ts: string }[] = [];
  for (const { bytes } of splitRecords(bytesOf(source))) {
    const { value, rejection } = parseEvent(bytes);
    if (!value) return { rejection };
    if (value.ts > horizon)
      return { rejection: { rule: 'future_ts', reason: `ts ${value.ts} is later than ${horizon}` } };
    events.push({ eventId: value.event_id, ts: value.ts });
  }
  return events.length > 0
    ? { events }
    : { rejection: { rule: 'malformed_json', reason: 'there is no record' } };
}
