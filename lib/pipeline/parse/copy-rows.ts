import type { Instant } from './instant.ts';

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const CHUNK_BYTES = 262_144;
/** Postgres counts microseconds, and days, from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const DAY_MS = 86_400_000;
/** Up to this many milliseconds, their microseconds are exact as a JavaScript number. */
const SAFE_MS = Number.MAX_SAFE_INTEGER / 1000 - 1;
const WORD = 2 ** 32;
const JSONB_VERSION = 1;
const NUMERIC_BASE = 10_000;

/**
 * Writes rows in the binary format of COPY straight into buffers. The caller writes the values of a row in the order of
 * the columns, each by the method of its type, which also writes its null.
 *
 * Our own writer, because pg-copy-streams-binary takes four times as long and has no numeric, date, uuid or microseconds
 * (docs/decisions/0038).
 */
export class CopyRows {
  readonly #columns: number;
  #chunks: Uint8Array[] = [];
  #current: Buffer;
  #at = 0;

  constructor(columns: number) {
    this.#columns = columns;
    this.#current = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#at = HEADER.copy(this.#current);
  }

  /** Starts a row; exactly one value for each column follows. */
  startRow(): void {
    this.#reserve(2);
    this.#at = this.#current.writeInt16BE(this.#columns, this.#at);
  }

  /** A text, or a `json`, which is sent as its text. */
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

  /** A text that is UTF-8 already. A large one is referenced, not copied. */
  utf8(bytes: Uint8Array): void {
    this.#reserve(4);
    this.#at = this.#current.writeInt32BE(bytes.length, this.#at);
    if (bytes.length <= CHUNK_BYTES) {
      this.#reserve(bytes.length);
      this.#current.set(bytes, this.#at);
      this.#at += bytes.length;
      return;
    }
    this.#startChunk(CHUNK_BYTES);
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
      this.#chunks.push(bytes.subarray(from, from + CHUNK_BYTES));
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

  double(value: number | null | undefined): void {
    if (value == null) {
      this.#null();
      return;
    }
    this.#reserve(12);
    this.#at = this.#current.writeInt32BE(8, this.#at);
    this.#at = this.#current.writeDoubleBE(value, this.#at);
  }

  bigint(value: number): void {
    this.#reserve(12);
    this.#at = this.#current.writeInt32BE(8, this.#at);
    this.#at = this.#current.writeInt32BE(Math.floor(value / WORD), this.#at);
    this.#at = this.#current.writeUInt32BE(value - Math.floor(value / WORD) * WORD, this.#at);
  }

  timestamp(value: Instant | undefined): void {
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

  /** The date of an instant in UTC. */
  date(epochMs: number): void {
    this.integer(Math.floor((epochMs - POSTGRES_EPOCH_MS) / DAY_MS));
  }

  uuid(bytes: Uint8Array): void {
    this.#reserve(4 + bytes.length);
    this.#at = this.#current.writeInt32BE(bytes.length, this.#at);
    this.#current.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A numeric with two decimals, from whole cents from 0: its digits have base 10,000, and one follows the point. */
  cents(value: number): void {
    const digits = [(value % 100) * 100];
    for (let whole = Math.floor(value / 100); whole > 0; whole = Math.floor(whole / NUMERIC_BASE))
      digits.unshift(whole % NUMERIC_BASE);
    this.#reserve(12 + 2 * digits.length);
    this.#at = this.#current.writeInt32BE(8 + 2 * digits.length, this.#at);
    for (const field of [digits.length, digits.length - 2, 0, 2, ...digits])
      this.#at = this.#current.writeInt16BE(field, this.#at);
  }

  /** The bytes of one COPY with all rows; no row may be added afterwards. */
  finish(): Uint8Array[] {
    this.#reserve(2);
    this.#at = this.#current.writeInt16BE(-1, this.#at);
    this.#startChunk(0);
    return this.#chunks;
  }

  #null(): void {
    this.#reserve(4);
    this.#at = this.#current.writeInt32BE(-1, this.#at);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#current.length) this.#startChunk(Math.max(CHUNK_BYTES, bytes));
  }

  #startChunk(size: number): void {
    this.#chunks.push(this.#current.subarray(0, this.#at));
    this.#current = Buffer.allocUnsafeSlow(size);
    this.#at = 0;
  }
}
