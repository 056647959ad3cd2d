import { hash } from 'node:crypto';
import { CopyRows } from './copy-rows.ts';

const KEY = /^[0-9a-f]{32}$/;
const BYTES = 16;
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

/** The keys of a batch: 16 bytes each, in one buffer that grows. */
export class EventKeys {
  #bytes = Buffer.allocUnsafeSlow(1024 * BYTES);
  count = 0;

  add(key: string): void {
    if ((this.count + 1) * BYTES > this.#bytes.length) this.#grow();
    this.#bytes.write(key, this.count * BYTES, 'hex');
    this.count += 1;
  }

  /** One after the other, near to sorted: Postgres finds the places of neighbours in an index side by side. */
  finish(): Buffer {
    const order = new Float64Array(this.count);
    for (let at = 0; at < this.count; at += 1) {
      const first = this.#bytes.readUInt32BE(at * BYTES) >>> (32 - KEY_BITS);
      order[at] = first * 2 ** POSITION_BITS + at;
    }
    order.sort();
    const sorted = Buffer.allocUnsafeSlow(this.count * BYTES);
    order.forEach((entry, to) => {
      const from = (entry % 2 ** POSITION_BITS) * BYTES;
      this.#bytes.copy(sorted, to * BYTES, from, from + BYTES);
    });
    return sorted;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
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
