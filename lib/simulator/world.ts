import { createHash } from 'node:crypto';
import { OperatorError } from '#lib/errors.ts';
import { listPlacements, moveBrands, type Placement } from './brands.ts';
import type { Dimensions, Row } from './dimensions/tables.ts';
import { type LocalDay, localDayOf } from './local-time.ts';
import type { LocationConfig } from './location-config.ts';
import type { Origin } from './order.ts';
import { createOrderIds } from './order-id.ts';
import { type Neighbourhood, openNeighbourhood } from './roads/neighbourhood.ts';
import type { RoadNetwork } from './roads/network.ts';
import { buildSyntheticNetwork } from './roads/synthetic.ts';
import { calm, type Disruptions } from './scenarios/disruptions.ts';

/** All that the orders of one location depend on; nothing in it changes while the simulation runs. */
export type World = {
  seed: number;
  /** No order is created at or before this instant (epoch ms); its local day is day 0 of growth and brands. */
  start: number;
  startDay: LocalDay;
  location: Row<'locations'>;
  config: LocationConfig;
  placements: Placement[];
  /** What scenarios do to its course. */
  disruptions: Disruptions;
  roads: Neighbourhood;
  city: string;
  origin: Origin;
  nameOrder: (day: LocalDay, number: number) => string;
};

export type WorldPlan = {
  seed: number;
  start: number;
  location: Row<'locations'>;
  config: LocationConfig;
  dimensions: Dimensions;
  /** A network from an extract; without one the city is synthetic. */
  network?: RoadNetwork | undefined;
};

/** Builds a location's world. @throws OperatorError where the location has nothing to sell or no way leads out. */
export function buildWorld(plan: WorldPlan): World {
  const { seed, start, location, config, dimensions } = plan;
  const { location_code: code, location_id: locationId } = location;
  const placements = moveBrands(listPlacements(dimensions, locationId), config, seed);
  if (placements.length === 0)
    throw new OperatorError(`No brand with items is placed at ${code}: brand_locations has no row for it.`);
  const nameOrder = createOrderIds(seed);
  return {
    seed,
    start,
    startDay: localDayOf(start, location.time_zone),
    location,
    config,
    placements,
    disruptions: calm,
    roads: openRoads(plan),
    city: location.address?.split(', ').slice(1).join(', ') ?? location.name,
    origin: {
      gkId: createHash('md5').update(`kitchen ${code}`).digest('hex'),
      location: code,
      locationId,
      pingMs: config.ping_sec * 1000,
    },
    nameOrder: (day, number) => nameOrder(locationId, day, number),
  };
}

function openRoads({ location, config, network }: WorldPlan): Neighbourhood {
  const { location_code: code, lat, lon } = location;
  const radiusMiles = config.radius_mi;
  const city = network ?? buildSyntheticNetwork({ code, center: { lat, lon }, radiusMiles });
  const address = network ? (config.gk_location ?? location.address ?? undefined) : undefined;
  return openNeighbourhood(city, {
    code,
    kitchen: { lat, lon },
    address,
    radiusMiles,
    mph: config.driver_mph,
  });
}

/** Rises when the same config would give other orders, so that no volume mixes two versions. */
const MODEL_VERSION = 2;

/** A fingerprint of what decides a location's orders, apart from seed and start. `roads` is the network's own. */
export function digestConfig(
  { location, config, dimensions }: Pick<WorldPlan, 'location' | 'config' | 'dimensions'>,
  roads = 'synthetic',
): string {
  const content = [MODEL_VERSION, roads, location, config, listPlacements(dimensions, location.location_id)];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
