import type { BatchContext } from '../tables/dataset/dataset.ts';
import { CopyRows } from './copy-rows.ts';
import type { Instant } from './instant.ts';
import type { EventLocation } from './locations.ts';
import type { ParsedEvent } from './parse-event.ts';

/** Where a record came from; `file` is the name of its file as UTF-8. */
export type Origin = { file: Uint8Array; line: number };

/** The rows of a batch for `lakeflow.all_events`. */
export class EventRows {
  readonly #rows = new CopyRows(14);
  readonly #batchId: number;
  readonly #ingestedAt: Instant;

  constructor({ batchId, ingestedAt }: Pick<BatchContext, 'batchId' | 'ingestedAt'>) {
    this.#batchId = batchId;
    this.#ingestedAt = { ms: ingestedAt.getTime(), micros: 0 };
  }

  add(event: ParsedEvent, instant: Instant, { location, locationId }: EventLocation, origin: Origin): void {
    const rows = this.#rows;
    rows.startRow();
    rows.text(event.event_id);
    rows.text(event.event_type);
    rows.timestamp(instant);
    rows.text(event.gk_id);
    rows.text(location);
    rows.integer(locationId);
    rows.text(event.order_id);
    rows.integer(event.sequence);
    rows.text(event.body);
    rows.jsonb(event.rescued);
    rows.utf8(origin.file);
    rows.integer(origin.line);
    rows.timestamp(this.#ingestedAt);
    rows.bigint(this.#batchId);
  }

  finish(): Uint8Array[] {
    return this.#rows.finish();
  }
}
