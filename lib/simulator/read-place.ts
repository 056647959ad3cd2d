import type { Dimensions, Row } from './dimensions/tables.ts';
import type { LocationConfig } from './location-config.ts';
import { readLocationConfig } from './read-location-config.ts';
import { chooseNetwork } from './roads/choose-network.ts';
import type { RoadNetwork } from './roads/network.ts';
import { digestConfig } from './world.ts';

export type PlacePlan = {
  dimensions: Dimensions;
  location: Row<'locations'>;
  /** The directory of the location configs. */
  configs: string;
  /** The file of the road network, in place of the location's own. */
  roads?: string | undefined;
};

/** All that files say about a location, and a fingerprint of it. */
export type Place = { config: LocationConfig; network: RoadNetwork | undefined; digest: string };

/** Reads a location's config and roads. @throws OperatorError that names the file at fault. */
export async function readPlace({ dimensions, location, configs, roads }: PlacePlan): Promise<Place> {
  const config = readLocationConfig(configs, location);
  const code = location.location_code;
  const stored = await chooseNetwork({ code, configs, named: config.roads, wanted: roads });
  const digest = digestConfig({ location, config, dimensions }, stored?.digest);
  return { config, network: stored?.network, digest };
}
