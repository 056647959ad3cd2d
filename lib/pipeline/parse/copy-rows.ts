import { BACKSLASH } from './plain-bytes.ts';

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const CHUNK = 262_144;
/** Instants are microseconds since 2000-01-01, days are days since then. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const DAY_MS = 86_400_000;
/** Within these milliseconds microseconds are exact as a number. */
const SAFE_MS = Number.MAX_SAFE_INTEGER / 1000 - 1;
const WORD = 2 ** 32;
const JSONB_VERSION = 1;
const NUMERIC_BASE = 10_000;

/** A point in time: `ms` since 1970, and the microseconds beyond them, 0 to 999. */
export type Instant = { ms: number; micros: number };

/**
 * Rows in the binary form of COPY, written straight into buffers: no escaping, and no strings to collect.
 * The columns' order and types are the caller's; a null is written by the method of its type.
 */
export class CopyRows {
  readonly #columns: number;
  #chunks: Uint8Array[] = [];
  #current: Buffer;
  #at = 0;
  count = 0;

  constructor(columns: number) {
    this.#columns = columns;
    this.#current = Buffer.allocUnsafeSlow(CHUNK);
    this.#at = HEADER.copy(this.#current);
  }

  /** Starts a row; as many values follow as there are columns. */
  startRow(): void {
    this.#reserve(2);
    this.#at = this.#current.writeInt16BE(this.#columns, this.#at);
    this.count += 1;
  }

  /** Text, and `json`, which travels as its text. */
  text(value: string | null | undefined): void {
    if (value == null) {
      this.#null();
      return;
    }
    this.#reserve(4 + value.length * 3);
    const length = this.#current.write(value, this.#at + 4);
    this.#current.writeInt32BE(length, this.#at);
    this.#at += 4 + length;
  }

  /** Text that stands in `bytes` as ASCII; a backslash is left out and what follows it is taken as it is. */
  ascii(bytes: Uint8Array, { start, end }: { start: number; end: number }): void {
    this.#reserve(4 + end - start);
    const current = this.#current;
    const first = this.#at + 4;
    let to = first;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === BACKSLASH) continue;
      current[to] = byte;
      to += 1;
    }
    current.writeInt32BE(to - first, this.#at);
    this.#at = to;
  }

  /** Text that is UTF-8 already; a large one is not copied. */
  utf8(bytes: Uint8Array): void {
    this.#reserve(4);
    this.#at = this.#current.writeInt32BE(bytes.length, this.#at);
    if (bytes.length <= CHUNK) {
      this.#reserve(bytes.length);
      this.#current.set(bytes, this.#at);
      this.#at += bytes.length;
      return;
    }
    this.#turn(CHUNK);
    for (let from = 0; from < bytes.length; from += CHUNK)
      this.#chunks.push(bytes.subarray(from, from + CHUNK));
  }

  jsonb(value: string | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    this.#reserve(5 + value.length * 3);
    const length = this.#current.write(value, this.#at + 5);
    this.#at = this.#current.writeInt32BE(length + 1, this.#at);
    this.#at = this.#current.writeInt8(JSONB_VERSION, this.#at) + length;
  }

  integer(value: number | null | undefined): void {
    if (value == null) {
      this.#null();
      return;
    }
    this.#reserve(8);
    this.#at = this.#current.writeInt32BE(4, this.#at);
    this.#at = this.#current.writeInt32BE(value, this.#at);
  }

  bigint(value: number): void {
    this.#reserve(12);
    this.#at = this.#current.writeInt32BE(8, this.#at);
    this.#at = this.#current.writeInt32BE(Math.floor(value / WORD), this.#at);
    this.#at = this.#current.writeUInt32BE(value - Math.floor(value / WORD) * WORD, this.#at);
  }

  instant(value: Instant | undefined): void {
    if (!value) {
      this.#null();
      return;
    }
    const ms = value.ms - POSTGRES_EPOCH_MS;
    if (Math.abs(ms) < SAFE_MS) {
      this.bigint(ms * 1000 + value.micros);
      return;
    }
    this.#reserve(12);
    this.#at = this.#current.writeInt32BE(8, this.#at);
    this.#at = this.#current.writeBigInt64BE(BigInt(ms) * 1000n + BigInt(value.micros), this.#at);
  }

  /** The UTC day of an instant. */
  day(epochMs: number): void {
    this.integer(Math.floor((epochMs - POSTGRES_EPOCH_MS) / DAY_MS));
  }

  uuid(bytes: Uint8Array): void {
    this.#reserve(4 + bytes.length);
    this.#at = this.#current.writeInt32BE(bytes.length, this.#at);
    this.#current.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A numeric with two decimals from whole cents, not negative: digits of base 10,000, one of them behind the point. */
  cents(value: number): void {
    const digits = [(value % 100) * 100];
    for (let whole = Math.floor(value / 100); whole > 0; whole = Math.floor(whole / NUMERIC_BASE))
      digits.unshift(whole % NUMERIC_BASE);
    this.#reserve(12 + 2 * digits.length);
    this.#at = this.#current.writeInt32BE(8 + 2 * digits.length, this.#at);
    for (const field of [digits.length, digits.length - 2, 0, 2, ...digits])
      this.#at = this.#current.writeInt16BE(field, this.#at);
  }

  /** All rows so far as the bytes of one COPY; nothing may be added afterwards. */
  finish(): Uint8Array[] {
    this.#reserve(2);
    this.#at = this.#current.writeInt16BE(-1, this.#at);
    this.#turn(0);
    return this.#chunks;
  }

  #null(): void {
    this.#reserve(4);
    this.#at = this.#current.writeInt32BE(-1, this.#at);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#current.length) this.#turn(Math.max(CHUNK, bytes));
  }

  #turn(size: number): void {
    this.#chunks.push(this.#current.subarray(0, this.#at));
    this.#current = Buffer.allocUnsafeSlow(size);
    this.#at = 0;
  }
}
