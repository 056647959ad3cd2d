import { gzipSync } from 'node:zlib';
import type { OrderEvent } from '#lib/contract/event.ts';
import { integer } from '#lib/random.ts';
import { linesOf, type Mutation } from './mutation.ts';

const valid = (events: readonly object[], content: string | Buffer) => ({
  bytes: Buffer.from(content),
  expected: [...events],
  quarantines: false,
});
const text = (events: readonly object[]) => linesOf(events).join('\n');

/** Damage to a whole file, and forms of it that are unusual but valid. */
export const fileMutations: Readonly<Record<string, Mutation>> = {
  untouched: (events) => valid(events, text(events)),
  array: (events) => valid(events, JSON.stringify(events, null, 2)),
  single_object: (events) => valid(events.slice(0, 1), JSON.stringify(events[0], null, 1)),
  over_lines: (events) => valid(events, events.map((event) => JSON.stringify(event, null, 2)).join('\n')),
  nothing_between: (events) => valid(events, linesOf(events).join('')),
  blanks_between: (events) => valid(events, linesOf(events).join(' ')),
  arrays_on_lines: (events) => valid(events, events.map((event) => `[${JSON.stringify(event)}]`).join('\n')),
  packed: (events) => valid(events, gzipSync(text(events))),
  byte_order_mark: (events) => valid(events, `\uFEFF${text(events)}`),
  windows_line_ends: (events) => valid(events, linesOf(events).join('\r\n\r\n')),
  empty: () => ({ bytes: Buffer.alloc(0), expected: [], quarantines: false }),
  twice_in_one_file: (events) => valid(events, `${text(events)}\n${text(events)}\n`),
  unknown_fields: (events) =>
    valid(
      events,
      text(events.map((event) => ({ ...event, tip: { cents: 250 }, 'k\u00e9y "': [1e3, '\u{1F35B}'] }))),
    ),
  long_line: (events) =>
    valid(events, text(events.map((event) => ({ ...event, note: 'x'.repeat(200_000) })))),
  body_as_object: (events) =>
    valid(events, text(events.map((event) => ({ ...event, body: JSON.parse(event.body) })))),
  time_since_1970: (events) => valid(events, text(events.map(inMicroseconds))),
  other_offset: (events) => valid(events, text(events.map(inOffset))),
  duplicate_key: (events) => {
    const lines = linesOf(events).map((line) => line.replace('"sequence":', '"sequence":99,"sequence":'));
    return valid(events, lines.join('\n'));
  },
  truncated: (events, random) => {
    const bytes = Buffer.from(text(events));
    const last = Buffer.byteLength(linesOf(events).at(-1) ?? '');
    return {
      bytes: bytes.subarray(0, bytes.length - integer(random, 1, last - 1)),
      expected: events.slice(0, -1),
      quarantines: true,
    };
  },
  utf16: (events) => ({
    bytes: Buffer.from(`\uFEFF${text(events)}`, 'utf16le'),
    expected: [],
    quarantines: true,
  }),
  broken_gzip: (events, random) => {
    const packed = gzipSync(text(events));
    return {
      bytes: packed.subarray(0, integer(random, 12, packed.length - 1)),
      expected: [],
      quarantines: true,
    };
  },
};

/** The same instant as microseconds since 1970. */
function inMicroseconds(event: OrderEvent): object {
  const [second = '', micros = ''] = event.ts.replace(' ', 'T').split('.');
  return { ...event, ts: (Date.parse(`${second}Z`) / 1000) * 1_000_000 + Number(micros) };
}

/** The same instant with the offset of India. */
function inOffset(event: OrderEvent): OrderEvent {
  const local = new Date(Date.parse(`${event.ts.slice(0, 23).replace(' ', 'T')}Z`) + 5.5 * 3_600_000);
  return { ...event, ts: `${local.toISOString().slice(0, 23)}+05:30` };
}
