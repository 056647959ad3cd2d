import type { BatchContext } from '../dataset.ts';
import { CopyRows, type Instant } from './copy-rows.ts';
import type { ParsedEvent } from './parse-event.ts';
import type { Place } from './places.ts';

/** Where a record stands. */
export type Origin = { file: string; line: number };

type Batch = Pick<BatchContext, 'batchId' | 'takenAt'>;

/** The rows of a batch for bronze. */
export class EventRows {
  readonly #rows = new CopyRows(14);
  readonly #batchId: number;
  readonly #takenAt: Instant;

  constructor({ batchId, takenAt }: Batch) {
    this.#batchId = batchId;
    this.#takenAt = { ms: takenAt.getTime(), micros: 0 };
  }

  add(event: ParsedEvent, instant: Instant, place: Place, { file, line }: Origin): void {
    const rows = this.#rows;
    rows.startRow();
    rows.text(event.event_id);
    rows.text(event.event_type);
    rows.instant(instant);
    rows.text(event.gk_id);
    rows.text(place.location);
    rows.integer(place.locationId);
    rows.text(event.order_id);
    rows.integer(event.sequence);
    rows.text(event.body);
    rows.jsonb(event.rescued);
    rows.text(file);
    rows.integer(line);
    rows.instant(this.#takenAt);
    rows.bigint(this.#batchId);
  }

  finish(): Uint8Array[] {
    return this.#rows.finish();
  }
}
