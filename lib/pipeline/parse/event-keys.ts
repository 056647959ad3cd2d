import { hash } from 'node:crypto';
import { CopyRows } from './copy-rows.ts';

const KEY = /^[0-9a-f]{32}$/;
const BYTES = 16;
const WORDS = 4;
const HEX_PER_WORD = 8;
/** A position in a batch and the first bits of a key share the 53 bits of a number that are exact. */
const POSITION_BITS = 23;
const KEY_BITS = 30;

/**
 * The key by which an event counts once, as 32 hexadecimal digits and as `lakeflow.event_key` has it: an event_id
 * that is of that form itself, and the md5 of any other.
 */
export function eventKey(eventId: string): string {
  return KEY.test(eventId) ? eventId : hash('md5', eventId);
}

/** The keys of a batch, each once: four words of 32 bits, one key after the other, and a table of their places. */
export class EventKeys {
  #words = new Uint32Array(1024 * WORDS);
  /** The place of a key plus one, at its hash or where from there on was room; never more than half full. */
  #table = new Int32Array(2048);
  #seed = crypto.getRandomValues(new Int32Array(WORDS)).map((word) => word | 1);
  #key = new Uint32Array(WORDS);
  #all = 0;
  readonly #before: number;

  /** @param before the keys that are there already and do not count, 16 bytes each. */
  constructor(before: Uint8Array = new Uint8Array()) {
    const bytes = Buffer.from(before.buffer, before.byteOffset, before.length);
    for (let at = 0; at < bytes.length; at += BYTES) {
      for (let word = 0; word < WORDS; word += 1) this.#key[word] = bytes.readUInt32BE(at + word * 4);
      this.#add();
    }
    this.#before = this.#all;
  }

  /** Those that were added. */
  get count(): number {
    return this.#all - this.#before;
  }

  /** @param key as `eventKey` gives it. @returns whether it was not there. */
  add(key: string): boolean {
    for (let word = 0; word < WORDS; word += 1)
      this.#key[word] = Number.parseInt(key.slice(word * HEX_PER_WORD, (word + 1) * HEX_PER_WORD), 16);
    return this.#add();
  }

  /** Adds the key that stands at `start` as 32 hexadecimal digits. @returns undefined where none stands there. */
  addAt(bytes: Uint8Array, start: number): boolean | undefined {
    for (let word = 0; word < WORDS; word += 1) {
      const value = readWord(bytes, start + word * HEX_PER_WORD);
      if (value < 0) return undefined;
      this.#key[word] = value;
    }
    return this.#add();
  }

  /** One after the other, near to sorted: Postgres finds the places of neighbours in an index side by side. */
  finish(): Buffer {
    const order = new Float64Array(this.count);
    for (let at = 0; at < this.count; at += 1) {
      const first = (this.#words[(this.#before + at) * WORDS] ?? 0) >>> (32 - KEY_BITS);
      order[at] = first * 2 ** POSITION_BITS + at;
    }
    order.sort();
    const sorted = Buffer.allocUnsafeSlow(this.count * BYTES);
    let to = 0;
    for (const entry of order) {
      const from = (this.#before + (entry % 2 ** POSITION_BITS)) * WORDS;
      for (let word = 0; word < WORDS; word += 1)
        to = sorted.writeUInt32BE(this.#words[from + word] ?? 0, to);
    }
    return sorted;
  }

  #add(): boolean {
    const slot = this.#find();
    if (this.#table[slot] !== 0) return false;
    if ((this.#all + 1) * WORDS > this.#words.length) this.#words = grown(this.#words);
    this.#words.set(this.#key, this.#all * WORDS);
    this.#all += 1;
    this.#table[slot] = this.#all;
    if (this.#all * 2 > this.#table.length) this.#spread();
    return true;
  }

  /** The slot of the key at hand, or the free one in which it belongs. */
  #find(): number {
    const mask = this.#table.length - 1;
    let slot = this.#hash() & mask;
    for (;;) {
      const place = this.#table[slot] ?? 0;
      if (place === 0 || this.#isAt(place - 1)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(place: number): boolean {
    for (let word = 0; word < WORDS; word += 1)
      if (this.#words[place * WORDS + word] !== this.#key[word]) return false;
    return true;
  }

  /** Mixed with numbers of this run, so that nobody can write event ids that all fall on one slot. */
  #hash(): number {
    let mixed = 0;
    for (let word = 0; word < WORDS; word += 1) {
      mixed = Math.imul(mixed ^ (this.#key[word] ?? 0), this.#seed[word] ?? 1);
      mixed ^= mixed >>> 15;
    }
    return mixed;
  }

  #spread(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let place = 0; place < this.#all; place += 1) {
      this.#key.set(this.#words.subarray(place * WORDS, (place + 1) * WORDS));
      this.#table[this.#find()] = place + 1;
    }
  }
}

function grown(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}

/** The number that eight hexadecimal digits are, in lower case; -1 where there are none. */
function readWord(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < start + HEX_PER_WORD; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30;
    else if (byte >= 0x61 && byte <= 0x66) value = value * 16 + byte - 0x57;
    else return -1;
  }
  return value;
}

/** Keys, 16 bytes each, as the texts that `eventKey` gives. */
export function keyTexts(keys: Uint8Array): Set<string> {
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.length);
  const texts = new Set<string>();
  for (let at = 0; at < bytes.length; at += BYTES) texts.add(bytes.toString('hex', at, at + BYTES));
  return texts;
}

/** Keys as rows of one uuid. */
export function keyRows(keys: Uint8Array): Uint8Array[] {
  const rows = new CopyRows(1);
  for (let at = 0; at < keys.length; at += BYTES) {
    rows.startRow();
    rows.uuid(keys.subarray(at, at + BYTES));
  }
  return rows.finish();
}
