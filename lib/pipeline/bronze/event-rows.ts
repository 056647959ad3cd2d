import type { BatchContext } from '../dataset.ts';
import { CopyRows, type Instant } from './copy-rows.ts';
import { eventKey } from './event-key.ts';
import type { ParsedEvent } from './parse-event.ts';
import type { Place } from './places.ts';

/** Where a record stands. */
export type Origin = { file: string; line: number };

/** Reads an event time as the contract gives it: ISO 8601 in UTC with microseconds. */
export function readInstant(ts: string): Instant {
  return { ms: Date.parse(`${ts.slice(0, 23)}Z`), micros: Number(ts.slice(23, 26)) };
}

/** The rows of a batch for bronze and, in the same order, for the keys that make each event count once. */
export class EventRows {
  readonly events = new CopyRows(14);
  readonly keys = new CopyRows(1);
  readonly eventIds: string[] = [];
  readonly #batchId: number;
  readonly #takenAt: Instant;

  constructor({ batchId, takenAt }: BatchContext) {
    this.#batchId = batchId;
    this.#takenAt = { ms: takenAt.getTime(), micros: 0 };
  }

  get count(): number {
    return this.eventIds.length;
  }

  add(event: ParsedEvent, instant: Instant, place: Place, { file, line }: Origin): void {
    this.eventIds.push(event.event_id);
    this.keys.startRow();
    this.keys.uuid(eventKey(event.event_id));
    const rows = this.events;
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
}
