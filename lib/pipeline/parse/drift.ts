/** Names of unknown fields that are told at most, and their length: a writer may invent a new one for every record. */
const MOST_NAMES = 50;
const LONGEST_NAME = 100;

/** How many records of a batch had fields that the contract does not know, and how many had each of these. */
export type UnknownFields = { records: number; names: Record<string, number> };

/** Counts unknown fields by name while a batch is parsed; names beyond the first 50 are in `records` alone. */
export class Drift {
  #records = 0;
  readonly #names = new Map<string, number>();

  add(unknown: readonly string[]): void {
    if (unknown.length === 0) return;
    this.#records += 1;
    for (const field of unknown) {
      const name = field.slice(0, LONGEST_NAME).toWellFormed();
      const count = this.#names.get(name);
      if (count !== undefined || this.#names.size < MOST_NAMES) this.#names.set(name, (count ?? 0) + 1);
    }
  }

  finish(): UnknownFields {
    return { records: this.#records, names: Object.fromEntries(this.#names) };
  }
}
