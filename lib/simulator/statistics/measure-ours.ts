import { join } from 'node:path';
import { readDimensions } from '../dimensions/read-dimensions.ts';
import { readLocationConfig } from '../read-location-config.ts';
import { buildWorld } from '../world.ts';
import { type LocationStatistics, measureLocation } from './describe-statistics.ts';

export const STATISTICS_DAYS = 90;
/** The run that the page tells of: `simulate --seed 1`, 90 days from here. */
const RUN = { seed: 1, start: Date.parse('2026-03-03T00:00:00Z') };
const data = join(import.meta.dirname, '../../../data');

/** Measures our own locations over the days of the statistics page, with their synthetic roads. */
export async function measureOurs(seed = RUN.seed): Promise<LocationStatistics[]> {
  const dimensions = await readDimensions(join(data, 'dimensional'));
  return dimensions.locations.map((location) => {
    const config = readLocationConfig(join(data, 'locations'), location);
    return measureLocation(buildWorld({ ...RUN, seed, location, config, dimensions }), STATISTICS_DAYS);
  });
}
