import { OperatorError } from '#lib/errors.ts';
import { type Door, listDoors } from './doors.ts';
import { distanceMeters, METERS_PER_MILE, type Node } from './geometry.ts';
import type { RoadNetwork } from './network.ts';
import { createRouter, type Route } from './route.ts';
import { buildPathTree, type PathTree } from './shortest-path-tree.ts';

/** The roads around one kitchen: its customers' doors, and the way to each. */
export type Neighbourhood = { network: RoadNetwork; doors: Door[]; routeTo: (door: Door) => Route };

export type NeighbourhoodPlan = {
  code: string;
  kitchen: Node;
  /** The kitchen's street address; a network that knows it begins there. */
  address?: string | undefined;
  radiusMiles: number;
  /** How fast drivers are on average over all drives; the network says which street is faster than which. */
  mph: number;
};

/** Farther than this from the nearest road a kitchen is not in its network. */
const FARTHEST_METERS = 1500;

/**
 * Prepares all routes of a kitchen: one tree of fastest ways, then only walks along it.
 * @throws OperatorError where the network lies elsewhere or has no address within the radius.
 */
export function openNeighbourhood(network: RoadNetwork, plan: NeighbourhoodPlan): Neighbourhood {
  const origin = findAddress(network, plan.address) ?? findNearest(network, plan);
  const tree = buildPathTree(network, origin);
  const doors = listDoors(network, tree, plan.radiusMiles * METERS_PER_MILE);
  if (doors.length === 0)
    throw new OperatorError(
      `The road network of ${plan.code} has no address within ${plan.radiusMiles} miles of its kitchen. Choose a larger radius_mi or another network.`,
    );
  const slowness = findSlowness(network, tree, doors, plan.mph);
  return { network, doors, routeTo: createRouter(network, tree, slowness) };
}

/** What the network's times are multiplied by, so that the drives to all doors together are as fast as drivers are. */
function findSlowness(network: RoadNetwork, tree: PathTree, doors: Door[], mph: number): number {
  const meters = measureTree(network, tree);
  const total = doors.reduce((sum, { from }) => sum + (meters[from] ?? 0), 0);
  const seconds = doors.reduce((sum, { from }) => sum + (tree.seconds[from] ?? 0), 0);
  return seconds > 0 ? total / ((mph * METERS_PER_MILE) / 3600) / seconds : 1;
}

/** The length of the way to each node. A node is passed later than the one before it. */
function measureTree({ lat, lon }: RoadNetwork, { seconds, parent }: PathTree): Float64Array {
  const at = (node: number): Node => ({ lat: lat[node] ?? 0, lon: lon[node] ?? 0 });
  const meters = new Float64Array(lat.length);
  const nodes = [...lat.keys()].filter((node) => (parent[node] ?? -1) >= 0);
  for (const node of nodes.sort((one, other) => (seconds[one] ?? 0) - (seconds[other] ?? 0))) {
    const before = parent[node] ?? 0;
    meters[node] = (meters[before] ?? 0) + distanceMeters(at(before), at(node));
  }
  return meters;
}

/** The corner at an address such as "160 Spear St, San Francisco"; undefined where the network does not know it. */
function findAddress({ addresses, streets, target }: RoadNetwork, text: string | undefined) {
  const wanted = text?.split(',')[0]?.trim().toLowerCase();
  if (!wanted) return undefined;
  const found = addresses.number.findIndex(
    (number, index) => `${number} ${streets[addresses.street[index] ?? 0]}`.toLowerCase() === wanted,
  );
  return found < 0 ? undefined : target[addresses.edge[found] ?? 0];
}

function findNearest({ lat, lon }: RoadNetwork, { code, kitchen }: NeighbourhoodPlan): number {
  let [found, meters] = [-1, Number.POSITIVE_INFINITY];
  for (let node = 0; node < lat.length; node += 1) {
    const distance = distanceMeters(kitchen, { lat: lat[node] ?? 0, lon: lon[node] ?? 0 });
    if (distance < meters) [found, meters] = [node, distance];
  }
  if (meters <= FARTHEST_METERS) return found;
  const place = `${kitchen.lat}, ${kitchen.lon}`;
  throw new OperatorError(
    `The road network of ${code} ends ${Math.round(meters)} m from its kitchen at ${place}. Take an extract that holds it, or correct the location.`,
  );
}
