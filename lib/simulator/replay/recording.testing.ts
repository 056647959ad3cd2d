import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { eventTypes, type OrderEvent } from '#lib/contract/event.ts';
import { openEventStream } from '../lifecycle/event-stream.ts';
import { buildTestModel, directories } from '../location/location-model.testing.ts';

const DAY = 86_400_000;
const begin = Date.parse('2026-01-01T00:00:00Z');
/** Ids 1 to 8 of the recording. */
const ids = [...eventTypes.slice(0, 6), 'driver_ping', 'delivered'];

const columns: Record<string, BasicType> = {
  order_id: 'STRING',
  location_id: 'INT32',
  event_type_id: 'INT32',
  ts_seconds: 'INT64',
  sequence: 'INT32',
  customer_lat: 'FLOAT',
  customer_lon: 'FLOAT',
  customer_addr: 'STRING',
  items_json: 'STRING',
  route_json: 'STRING',
  ping_lat: 'FLOAT',
  ping_lon: 'FLOAT',
  ping_progress: 'FLOAT',
};
export type Row = Record<string, unknown>;

/** The orders that locations take in some days from 2026-01-01, as rows of a recording, each to its end. */
export function recordDays(codes: string[], days: number): Row[] {
  return codes.flatMap((code) => {
    const events = openEventStream(buildTestModel(code), begin).take(begin + (days + 1) * DAY);
    const created = events.filter(({ sequence, ts }) => sequence === 0 && timeOf(ts) < begin + days * DAY);
    const recorded = new Set(created.map(({ order_id }) => order_id));
    return events.filter(({ order_id }) => recorded.has(order_id)).map(toRow);
  });
}

function toRow({ order_id, location_id, event_type, ts, sequence, body }: OrderEvent): Row {
  const fields = JSON.parse(body);
  return {
    order_id,
    location_id,
    event_type_id: ids.indexOf(event_type) + 1,
    ts_seconds: BigInt(Math.floor(timeOf(ts) / 1000)),
    sequence,
    customer_lat: fields.customer_lat ?? fields.delivered_lat,
    customer_lon: fields.customer_lon ?? fields.delivered_lon,
    customer_addr: fields.customer_addr,
    items_json: fields.items && JSON.stringify(fields.items),
    route_json: fields.route_points && JSON.stringify(fields.route_points),
    ping_lat: fields.loc_lat,
    ping_lon: fields.loc_lon,
    ping_progress: fields.progress_pct,
  };
}

export const timeOf = (ts: string) => Date.parse(`${ts.replace(' ', 'T')}Z`);

/** Writes rows as the `events.parquet` of a directory, beside our dimension files. */
export async function writeRecording(directory: string, rows: Row[], without: string[] = []): Promise<void> {
  await cp(directories.dimensions, directory, { recursive: true });
  const columnData = Object.entries(columns)
    .filter(([name]) => !without.includes(name))
    .map(([name, type]) => ({ name, type, data: rows.map((row) => row[name] ?? null) }));
  const content = parquetWriteBuffer({ columnData, rowGroupSize: 2_000 });
  await writeFile(join(directory, 'events.parquet'), new Uint8Array(content));
}
