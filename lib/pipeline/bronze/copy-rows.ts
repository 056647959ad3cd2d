const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const CHUNK = 1_048_576;

/**
 * Rows in the binary form of COPY, written straight into buffers: no escaping, and no strings to collect.
 * Texts and four-byte integers; the columns' order is the caller's.
 */
export class CopyRows {
  readonly #columns: number;
  #chunks: Buffer[] = [];
  #current = Buffer.allocUnsafe(CHUNK);
  #at = 0;
  count = 0;

  constructor(columns: number) {
    this.#columns = columns;
    this.#at = HEADER.copy(this.#current);
  }

  /** Starts a row; as many `text` and `integer` calls follow as there are columns. */
  startRow(): void {
    this.#reserve(2);
    this.#at = this.#current.writeInt16BE(this.#columns, this.#at);
    this.count += 1;
  }

  text(value: string | null | undefined): void {
    const room = value == null ? 0 : value.length * 3;
    this.#reserve(4 + room);
    const length = value == null ? -1 : this.#current.write(value, this.#at + 4);
    this.#current.writeInt32BE(length, this.#at);
    this.#at += 4 + Math.max(length, 0);
  }

  integer(value: number | null | undefined): void {
    this.#reserve(8);
    this.#at = this.#current.writeInt32BE(value == null ? -1 : 4, this.#at);
    if (value != null) this.#at = this.#current.writeInt32BE(value, this.#at);
  }

  /** All rows so far as the bytes of one COPY; nothing may be added afterwards. */
  finish(): Buffer[] {
    this.#reserve(2);
    this.#at = this.#current.writeInt16BE(-1, this.#at);
    this.#turn(0);
    return this.#chunks;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#current.length) this.#turn(Math.max(CHUNK, bytes));
  }

  #turn(size: number): void {
    this.#chunks.push(this.#current.subarray(0, this.#at));
    this.#current = Buffer.allocUnsafe(size);
    this.#at = 0;
  }
}
