import { hash } from 'node:crypto';
import { CopyRows } from './copy-rows.ts';

const KEY = /^[0-9a-f]{32}$/;
const BYTES = 16;

/** An empty list of keys. */
export const noKeys = new Uint8Array();

/**
 * The key by which an event counts once, as 32 hexadecimal digits and as the SQL function `lakeflow.event_key` gives it:
 * an event_id of that form is its own key, any other is replaced by its md5.
 */
export function eventKey(eventId: string): string {
  return KEY.test(eventId) ? eventId : hash('md5', eventId);
}

/** Collects the keys of the new events of a batch, each once. */
export class EventKeys {
  readonly #keys: Set<string>;
  readonly #storedCount: number;

  /** @param stored keys, 16 bytes each, of events that are already stored and so are not new. */
  constructor(stored: Uint8Array = noKeys) {
    this.#keys = keyTexts(stored);
    this.#storedCount = this.#keys.size;
  }

  /** The number of new keys. */
  get count(): number {
    return this.#keys.size - this.#storedCount;
  }

  /** @param key as `eventKey` gives it. @returns whether it is new. */
  add(key: string): boolean {
    const before = this.#keys.size;
    return this.#keys.add(key).size > before;
  }

  /** The new keys, 16 bytes each and sorted: Postgres then finds the places of neighbours in an index side by side. */
  finish(): Uint8Array {
    const added = [...this.#keys].slice(this.#storedCount).sort();
    // A buffer of its own, so that a thread can hand it over without a copy.
    return Uint8Array.from(Buffer.from(added.join(''), 'hex'));
  }
}

/** Keys, 16 bytes each, as the texts that `eventKey` gives. */
export function keyTexts(keys: Uint8Array): Set<string> {
  const hex = Buffer.from(keys.buffer, keys.byteOffset, keys.length).toString('hex');
  const texts = new Set<string>();
  for (let at = 0; at < hex.length; at += 2 * BYTES) texts.add(hex.slice(at, at + 2 * BYTES));
  return texts;
}

/** Keys, 16 bytes each, as the rows of a COPY into a table of one uuid column. */
export function keyRows(keys: Uint8Array): Uint8Array[] {
  const rows = new CopyRows(1);
  for (let at = 0; at < keys.length; at += BYTES) {
    rows.startRow();
    rows.uuid(keys.subarray(at, at + BYTES));
  }
  return rows.finish();
}
