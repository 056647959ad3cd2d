import { join } from 'node:path';
import { readSource } from '../dimensions/read-source.ts';
import { parseLocationConfig, readLocationConfig } from './location-config.ts';
import { buildLocationModel, type LocationModel } from './location-model.ts';

const root = join(import.meta.dirname, '../../..');
export const directories = {
  dimensions: join(root, 'data/dimensional'),
  configs: join(root, 'data/locations'),
};
export const dimensions = readSource(join(directories.dimensions, 'source'));
export const codes = dimensions.locations.map((location) => location.location_code);

type Options = { seed?: number; start?: string; config?: object };

/** The model of one of the locations in `data/`; it starts with 2026 by default. */
export function buildTestModel(
  code: string,
  { seed = 1, start = '2026-01-01T00:00:00Z', config }: Options = {},
): LocationModel {
  const location = dimensions.locations.find((row) => row.location_code === code);
  if (!location) throw new Error(`no location ${code}`);
  const settings = config ? parseLocationConfig(config) : readLocationConfig(directories.configs, location);
  return buildLocationModel({ seed, start: Date.parse(start), location, config: settings, dimensions });
}
