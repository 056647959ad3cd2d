import { type EventType, eventTypes } from '#lib/contract/event.ts';
import { endOfFlatBody } from './flat-body.ts';
import { INSTANT_LENGTH, readInstantAt } from './read-instant.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LAST_PRINTABLE = 0x7e;
/** Letters of a text at most, which is a key of tables, and digits of a whole number. */
const LONGEST = { text: 200, integer: 9 };

const texts = ['event_id', 'event_type', 'gk_id', 'location', 'order_id'] as const;
const fields = [...texts, 'ts', 'location_id', 'sequence', 'body'] as const;
/** All but the creation, whose lines are read. */
const types = eventTypes.filter((type) => type !== 'order_created');
const fieldNames = fields.map((name) => Buffer.from(name));
const typeNames = types.map((name) => Buffer.from(name));
const delivered = Buffer.from('delivered' satisfies EventType);
const ALL = 2 ** fields.length - 1;

/** Where a value stands in the bytes of its record, without its quotes. */
export type Span = { start: number; end: number };

const span = (): Span => ({ start: 0, end: 0 });

/**
 * An event in the plain form in which most come: no creation, written as an object of printable ASCII without escapes,
 * with every field once and none beyond, and a body of numbers in a string. It is read from its bytes without making
 * a value of any of them. Where one is not plain, that says nothing: parseEvent looks.
 */
export class PlainEvent {
  bytes: Buffer = Buffer.alloc(0);
  readonly event_id = span();
  readonly event_type = span();
  readonly gk_id = span();
  readonly location = span();
  readonly order_id = span();
  /** With the backslashes before its quotes. */
  readonly body = span();
  readonly instant = { ms: 0, micros: 0 };
  location_id = 0;
  sequence = 0;
  #next = 0;

  /** Reads the one record that `bytes` hold. @returns whether it is plain; only then the fields are its. */
  read(bytes: Buffer): boolean {
    this.bytes = bytes;
    if (bytes[0] !== OPEN) return false;
    let seen = 0;
    for (let at = 1; ; at = afterSpace(bytes, at + 1)) {
      const field = this.#findField(at);
      if (field < 0 || (seen & (1 << field)) !== 0) return false;
      seen |= 1 << field;
      const name = fields[field] ?? 'body';
      at = this.#readValue(name, afterSpace(bytes, at + name.length + 3));
      if (bytes[at] === CLOSE)
        return seen === ALL && at + 1 === bytes.length && isType(bytes, this.event_type);
      if (bytes[at] !== COMMA) return false;
    }
  }

  get isDelivery(): boolean {
    return isText(this.bytes, this.event_type, delivered);
  }

  textOf({ start, end }: Span): string {
    return this.bytes.toString('latin1', start, end);
  }

  /** The number of the field whose name stands at `at` in quotes before a colon; -1 where none does. */
  #findField(at: number): number {
    for (let tries = 0; tries < fields.length; tries += 1) {
      const field = this.#next;
      this.#next = (this.#next + 1) % fields.length;
      if (isNamed(this.bytes, at, fieldNames[field])) return field;
    }
    return -1;
  }

  /** @returns the place after the value, or -1 where it is not plain. */
  #readValue(name: (typeof fields)[number], at: number): number {
    const { bytes } = this;
    if (name === 'location_id' || name === 'sequence') {
      const end = endOfInteger(bytes, at);
      this[name] = integerOf(bytes, at, end);
      return end;
    }
    if (bytes[at] !== QUOTE) return -1;
    if (name === 'ts') {
      const end = at + 1 + INSTANT_LENGTH;
      return bytes[end] === QUOTE && readInstantAt(bytes, at + 1, this.instant) ? end + 1 : -1;
    }
    const end = name === 'body' ? endOfFlatBody(bytes, at + 1) : endOfText(bytes, at + 1);
    this[name].start = at + 1;
    this[name].end = end;
    return end > at + 1 && bytes[end] === QUOTE ? end + 1 : -1;
  }
}

/** A writer puts one space after a comma or a colon, or none. */
function afterSpace(bytes: Uint8Array, at: number): number {
  return bytes[at] === SPACE ? at + 1 : at;
}

function isNamed(bytes: Uint8Array, at: number, name: Uint8Array | undefined): boolean {
  if (!name || bytes[at] !== QUOTE) return false;
  const end = at + 1 + name.length;
  return bytes[end] === QUOTE && bytes[end + 1] === COLON && equals(bytes, at + 1, name);
}

function isType(bytes: Uint8Array, type: Span): boolean {
  return typeNames.some((name) => isText(bytes, type, name));
}

function isText(bytes: Uint8Array, { start, end }: Span, text: Uint8Array): boolean {
  return text.length === end - start && equals(bytes, start, text);
}

function equals(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at += 1) if (bytes[start + at] !== name[at]) return false;
  return true;
}

/** The end of a text of printable ASCII without escapes: where its quote is, or anything else; `start` where it is too long. */
function endOfText(bytes: Uint8Array, start: number): number {
  const stop = Math.min(bytes.length, start + LONGEST.text + 1);
  let at = start;
  for (; at < stop; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE || byte > LAST_PRINTABLE) break;
  }
  return at < stop ? at : start;
}

/** The end of a whole number without a sign; -1 where there is none, or a large one. */
function endOfInteger(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  const length = at - start;
  const leadingZero = length > 1 && bytes[start] === 0x30;
  return length === 0 || length > LONGEST.integer || leadingZero ? -1 : at;
}

function integerOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at] ?? 0) - 0x30;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
