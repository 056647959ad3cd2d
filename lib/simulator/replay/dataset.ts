import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '#lib/errors.ts';
import { readDimensions } from '../dimensions/read-dimensions.ts';
import { type ReplayOrigin, typeOfRow } from './recorded-event.ts';
import { type Recording, readRecording } from './recording.ts';

/** A recording with its first midnight (epoch seconds), its length in days, and the rows of each location. */
export type Dataset = {
  recording: Recording;
  epoch: number;
  days: number;
  rows: Map<string, number[]>;
  origins: ReplayOrigin[];
};

/** Opens a recorded dataset. @throws OperatorError where it is missing or invalid. */
export async function openDataset(directory: string): Promise<Dataset> {
  const recording = await readRecording(directory);
  const codes = await readCodes(directory);
  const rows = new Map<string, number[]>();
  const origins: ReplayOrigin[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < recording.rows; row += 1) {
    const id = recording.count('location_id', row);
    const location = codes.get(id) ?? `location_${id}`;
    if (!rows.has(location))
      origins.push({ location, locationId: id, gkId: hash('md5', `kitchen ${location}`) });
    const known = rows.get(location) ?? [];
    known.push(row);
    rows.set(location, known);
    const ts = recording.count('ts_seconds', row);
    first = Math.min(first, ts);
    if (typeOfRow(recording, row) === 'order_created') last = Math.max(last, ts);
  }
  const epoch = Math.floor(first / 86_400) * 86_400;
  origins.sort((one, other) => one.locationId - other.locationId);
  return { recording, epoch, days: Math.max(1, Math.floor((last - epoch) / 86_400) + 1), rows, origins };
}

async function readCodes(directory: string): Promise<Map<number, string>> {
  if (!existsSync(join(directory, 'locations.parquet'))) return new Map();
  const { locations } = await readDimensions(directory);
  return new Map(locations.map(({ location_id, location_code }) => [location_id, location_code]));
}

/** The requested locations. @throws UsageError where the recording has no location of that code. */
export function selectOrigins({ origins }: Dataset, requested: string): ReplayOrigin[] {
  if (requested === 'all' && origins.length > 0) return origins;
  const codes = requested.split(',').map((code) => code.trim());
  const known = origins.map(({ location }) => location);
  const unknown = codes.find((code) => !known.includes(code));
  if (unknown !== undefined)
    throw new UsageError(
      `The recording has no location "${unknown}". Choose one of ${known.join(', ')}, or all.`,
    );
  return origins.filter(({ location }) => codes.includes(location));
}
