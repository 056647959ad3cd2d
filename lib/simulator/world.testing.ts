import { join } from 'node:path';
import { readSource } from './dimensions/read-source.ts';
import { parseLocationConfig } from './location-config.ts';
import { readLocationConfig } from './read-location-config.ts';
import { buildWorld, type World } from './world.ts';

const root = join(import.meta.dirname, '../..');
export const directories = {
  dimensions: join(root, 'data/dimensional'),
  configs: join(root, 'data/locations'),
};
export const dimensions = readSource(join(directories.dimensions, 'source'));
export const codes = dimensions.locations.map((location) => location.location_code);

type Options = { seed?: number; start?: string; config?: object };

/** The world of one of our locations, from the start of 2026 where nothing else is said. */
export function makeWorld(
  code: string,
  { seed = 1, start = '2026-01-01T00:00:00Z', config }: Options = {},
): World {
  const location = dimensions.locations.find((row) => row.location_code === code);
  if (!location) throw new Error(`no location ${code}`);
  const settings = config ? parseLocationConfig(config) : readLocationConfig(directories.configs, location);
  return buildWorld({ seed, start: Date.parse(start), location, config: settings, dimensions });
}
