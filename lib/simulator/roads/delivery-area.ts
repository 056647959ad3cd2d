import { OperatorError } from '#lib/errors.ts';
import { type Door, listDoors } from './doors.ts';
import { distanceMeters, type LatLon, METERS_PER_MILE } from './geometry.ts';
import type { RoadNetwork } from './network.ts';
import { createRouter, type Route } from './route.ts';
import { buildPathTree, type PathTree } from './shortest-path-tree.ts';

/** The area that one kitchen delivers to: its customers' doors, and the route to each. */
export type DeliveryArea = { network: RoadNetwork; doors: Door[]; routeTo: (door: Door) => Route };

export type DeliveryAreaParams = {
  code: string;
  kitchen: LatLon;
  /** The kitchen's street address. Routes begin there if the network has it. */
  address?: string | undefined;
  radiusMiles: number;
  /** The average speed over all drives. The network only says which street is faster than which. */
  mph: number;
};

/** A kitchen farther than this from the nearest road is not in the network. */
const MAX_METERS_TO_ROAD = 1500;

/**
 * Prepares all routes of a kitchen with one shortest-path tree.
 * @throws OperatorError where the network is somewhere else, or has no address within the radius.
 */
export function buildDeliveryArea(network: RoadNetwork, plan: DeliveryAreaParams): DeliveryArea {
  const origin = findAddress(network, plan.address) ?? findNearest(network, plan);
  const tree = buildPathTree(network, origin);
  const doors = listDoors(network, tree, plan.radiusMiles * METERS_PER_MILE);
  if (doors.length === 0)
    throw new OperatorError(
      `The road network of ${plan.code} has no address within ${plan.radiusMiles} miles of its kitchen. Choose a larger radius_mi or another network.`,
    );
  const timeScale = findTimeScale(network, tree, doors, plan.mph);
  return { network, doors, routeTo: createRouter(network, tree, timeScale) };
}

/** The factor on the network's times that makes the average speed over the drives to all doors equal to `mph`. */
function findTimeScale(network: RoadNetwork, tree: PathTree, doors: Door[], mph: number): number {
  const meters = measureTree(network, tree);
  const total = doors.reduce((sum, { from }) => sum + (meters[from] ?? 0), 0);
  const seconds = doors.reduce((sum, { from }) => sum + (tree.seconds[from] ?? 0), 0);
  return seconds > 0 ? total / ((mph * METERS_PER_MILE) / 3600) / seconds : 1;
}

/** The length of the path to each node. Nodes are visited in order of time, so that each comes after its parent. */
function measureTree({ lat, lon }: RoadNetwork, { seconds, parent }: PathTree): Float64Array {
  const at = (node: number): LatLon => ({ lat: lat[node] ?? 0, lon: lon[node] ?? 0 });
  const meters = new Float64Array(lat.length);
  const nodes = [...lat.keys()].filter((node) => (parent[node] ?? -1) >= 0);
  for (const node of nodes.sort((one, other) => (seconds[one] ?? 0) - (seconds[other] ?? 0))) {
    const previous = parent[node] ?? 0;
    meters[node] = (meters[previous] ?? 0) + distanceMeters(at(previous), at(node));
  }
  return meters;
}

/** The node at an address such as "160 Spear St, San Francisco"; undefined where the network does not have it. */
function findAddress({ addresses, streets, target }: RoadNetwork, text: string | undefined) {
  const wanted = text?.split(',')[0]?.trim().toLowerCase();
  if (!wanted) return undefined;
  const found = addresses.number.findIndex(
    (number, index) => `${number} ${streets[addresses.street[index] ?? 0]}`.toLowerCase() === wanted,
  );
  return found < 0 ? undefined : target[addresses.edge[found] ?? 0];
}

function findNearest({ lat, lon }: RoadNetwork, { code, kitchen }: DeliveryAreaParams): number {
  let [found, meters] = [-1, Number.POSITIVE_INFINITY];
  for (let node = 0; node < lat.length; node += 1) {
    const distance = distanceMeters(kitchen, { lat: lat[node] ?? 0, lon: lon[node] ?? 0 });
    if (distance < meters) [found, meters] = [node, distance];
  }
  if (meters <= MAX_METERS_TO_ROAD) return found;
  const position = `${kitchen.lat}, ${kitchen.lon}`;
  throw new OperatorError(
    `The road network of ${code} ends ${Math.round(meters)} m from its kitchen at ${position}. Use an extract that contains it, or correct the location.`,
  );
}
