import type { BatchContext } from '../tables/dataset/dataset.ts';
import { CopyRows, type Instant } from './copy-rows.ts';
import type { EventLocation } from './locations.ts';
import type { ParsedEvent } from './parse-event.ts';
import type { PlainEvent } from './plain-event.ts';

/** Where a record stands; `source` is the name of its file as UTF-8. */
export type Origin = { source: Uint8Array; line: number };

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

  add(event: ParsedEvent, instant: Instant, place: EventLocation, origin: Origin): void {
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
    this.#addOrigin(origin);
  }

  addPlain(event: PlainEvent, origin: Origin): void {
    const rows = this.#rows;
    const { bytes } = event;
    rows.startRow();
    rows.ascii(bytes, event.event_id);
    rows.ascii(bytes, event.event_type);
    rows.instant(event.instant);
    rows.ascii(bytes, event.gk_id);
    rows.ascii(bytes, event.location);
    rows.integer(event.location_id);
    rows.ascii(bytes, event.order_id);
    rows.integer(event.sequence);
    rows.ascii(bytes, event.body);
    rows.jsonb(null);
    this.#addOrigin(origin);
  }

  #addOrigin({ source, line }: Origin): void {
    const rows = this.#rows;
    rows.utf8(source);
    rows.integer(line);
    rows.instant(this.#takenAt);
    rows.bigint(this.#batchId);
  }

  finish(): Uint8Array[] {
    return this.#rows.finish();
  }
}
