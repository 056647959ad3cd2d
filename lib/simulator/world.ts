import { createHash } from 'node:crypto';
import { OperatorError } from '#lib/errors.ts';
import { listPlacements, moveBrands, type Placement } from './brands.ts';
import type { Dimensions, Row } from './dimensions/tables.ts';
import { type LocalDay, localDayOf } from './local-time.ts';
import type { LocationConfig } from './location-config.ts';
import { createOrderIds } from './order-id.ts';
import type { Origin } from './order-lifecycle.ts';
import { listReachable } from './roads/doorstep.ts';
import { buildGrid } from './roads/grid.ts';
import type { RoadNetwork } from './roads/network.ts';
import { buildPathTree, type PathTree } from './roads/shortest-path-tree.ts';
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
  network: RoadNetwork;
  tree: PathTree;
  reachable: number[];
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
};

/** Builds a location's world. @throws OperatorError where the location has nothing to sell or no way leads out. */
export function buildWorld({ seed, start, location, config, dimensions }: WorldPlan): World {
  const { location_code: code, location_id: locationId, lat, lon } = location;
  const placements = moveBrands(listPlacements(dimensions, locationId), config, seed);
  if (placements.length === 0)
    throw new OperatorError(`No brand with items is placed at ${code}: brand_locations has no row for it.`);
  const plan = { code, center: { lat, lon }, radiusMiles: config.radius_mi, mph: config.driver_mph };
  const { network, origin } = buildGrid(plan);
  const tree = buildPathTree(network, origin);
  const nameOrder = createOrderIds(seed);
  return {
    seed,
    start,
    startDay: localDayOf(start, location.time_zone),
    location,
    config,
    placements,
    disruptions: calm,
    network,
    tree,
    reachable: listReachable(network, tree, config.radius_mi * 1609.344),
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

/** A fingerprint of what decides a location's orders, apart from seed and start. */
export function digestConfig({ location, config, dimensions }: Omit<WorldPlan, 'seed' | 'start'>): string {
  const content = [location, config, listPlacements(dimensions, location.location_id)];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
