import { type EventType, eventTypes, limits } from '#lib/contract/event.ts';
import { endOfFlatBody } from './flat-body.ts';
import {
  afterSpace,
  CLOSE,
  COMMA,
  endOfDigits,
  endOfText,
  OPEN,
  QUOTE,
  startsWith,
  ZERO,
} from './plain-bytes.ts';
import { INSTANT_LENGTH, readInstantAt } from './read-instant.ts';

/** Digits of a whole number at most. */
const LONGEST_INTEGER = 9;

const texts = ['event_id', 'event_type', 'gk_id', 'location', 'order_id'] as const;
const fields = ([...texts, 'ts', 'location_id', 'sequence', 'body'] as const).map((name, place) => ({
  name,
  bit: 1 << place,
  lead: Buffer.from(`"${name}":`),
}));
type Field = (typeof fields)[number];
const ALL = 2 ** fields.length - 1;
/** All but the creation, whose lines are read. */
const types = eventTypes.filter((type) => type !== 'order_created').map((type) => Buffer.from(type));
const delivered = Buffer.from('delivered' satisfies EventType);

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
      if (!field || (seen & field.bit) !== 0) return false;
      seen |= field.bit;
      at = this.#readValue(field.name, afterSpace(bytes, at + field.lead.length));
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

  /** The field whose name stands at `at` in quotes before a colon; a writer nearly always keeps to one order. */
  #findField(at: number): Field | undefined {
    for (let tries = 0; tries < fields.length; tries += 1) {
      const field = fields[this.#next];
      this.#next = (this.#next + 1) % fields.length;
      if (field && startsWith(this.bytes, at, field.lead)) return field;
    }
    return undefined;
  }

  /** @returns the place after the value, or -1 where it is not plain. */
  #readValue(name: Field['name'], at: number): number {
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
    const end = name === 'body' ? endOfFlatBody(bytes, at + 1) : endOfName(bytes, at + 1);
    this[name].start = at + 1;
    this[name].end = end;
    return end > at + 1 && bytes[end] === QUOTE ? end + 1 : -1;
  }
}

function isType(bytes: Uint8Array, type: Span): boolean {
  return types.some((name) => isText(bytes, type, name));
}

function isText(bytes: Uint8Array, { start, end }: Span, text: Uint8Array): boolean {
  return text.length === end - start && startsWith(bytes, start, text);
}

/** The end of a text, where its quote is, or anything else; `start` where it is too long. */
function endOfName(bytes: Uint8Array, start: number): number {
  const end = endOfText(bytes, start, start + limits.key + 1);
  return end - start > limits.key ? start : end;
}

/** The end of a whole number without a sign; -1 where there is none, or a large one. */
function endOfInteger(bytes: Uint8Array, start: number): number {
  const end = endOfDigits(bytes, start);
  const length = end - start;
  const leadingZero = length > 1 && bytes[start] === ZERO;
  return length === 0 || length > LONGEST_INTEGER || leadingZero ? -1 : end;
}

function integerOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  return value;
}
