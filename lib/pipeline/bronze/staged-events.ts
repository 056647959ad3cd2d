import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection } from '#db/client.ts';
import { CopyRows } from './copy-rows.ts';
import type { ParsedEvent } from './parse-event.ts';

/** The events of a batch on their way into the database, in the order of their files and lines. */
export const stagedEventsTable = `
create temporary table if not exists staged_events (
  event_id text, event_type text, ts text, gk_id text, location text, location_id integer,
  order_id text, sequence integer, body text, rescued_data text, source_file text, source_line integer
) on commit delete rows`;

/** Collects parsed events as rows for `staged_events`. */
export function createStagedEvents(): CopyRows {
  return new CopyRows(12);
}

/** Adds one event that stands in `file` at `line`. */
export function stageEvent(rows: CopyRows, event: ParsedEvent, file: string, line: number): void {
  rows.startRow();
  rows.text(event.event_id);
  rows.text(event.event_type);
  rows.text(event.ts);
  rows.text(event.gk_id);
  rows.text(event.location);
  rows.integer(event.location_id);
  rows.text(event.order_id);
  rows.integer(event.sequence);
  rows.text(event.body);
  rows.text(event.rescued);
  rows.text(file);
  rows.integer(line);
}

/** Copies the rows into `staged_events`, within the transaction that the connection is in. */
export async function copyStagedEvents(connection: Connection, rows: CopyRows): Promise<void> {
  const target = connection.query(copyFrom('copy pg_temp.staged_events from stdin (format binary)'));
  await pipeline(Readable.from(rows.finish(), { objectMode: false }), target);
}
