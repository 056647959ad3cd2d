import { pick, type Source } from '#lib/random.ts';
import { begins } from './edge-begins.ts';
import { distanceMeters, type Node } from './geometry.ts';
import { findEdge, type RoadNetwork } from './network.ts';
import type { PathTree } from './shortest-path-tree.ts';

/** A customer's door: a share of the way from one node to the next, `seconds` of driving from the kitchen. */
export type Door = { address: number; from: number; to: number; share: number; seconds: number };

/** The doors that can be driven to within a radius of the tree's origin, each from the side that is faster. */
export function listDoors(network: RoadNetwork, tree: PathTree, radiusMeters: number): Door[] {
  const { addresses, lat, lon } = network;
  const at = (node: number): Node => ({ lat: lat[node] ?? 0, lon: lon[node] ?? 0 });
  const center = at(tree.origin);
  const start = begins(network);
  const isNear = ({ from, to, share }: Door) => {
    const [begin, end] = [at(from), at(to)];
    const place = {
      lat: begin.lat + share * (end.lat - begin.lat),
      lon: begin.lon + share * (end.lon - begin.lon),
    };
    return distanceMeters(center, place) <= radiusMeters;
  };
  return [...addresses.number.keys()].flatMap((address) => {
    const edge = addresses.edge[address] ?? 0;
    const [from, to] = [start[edge] ?? 0, network.target[edge] ?? 0];
    const door = nearer(network, tree, { address, from, to, share: addresses.share[address] ?? 0 });
    return Number.isFinite(door.seconds) && isNear(door) ? [door] : [];
  });
}

/** A customer, all doors equally likely. */
export function drawDoor(doors: Door[], source: Source): Door {
  return pick(source, doors);
}

/** The street address of a door; `city` is what follows the street. */
export function addressOf({ addresses, streets }: RoadNetwork, { address }: Door, city: string): string {
  const street = streets[addresses.street[address] ?? 0] ?? '';
  return [`${addresses.number[address] ?? ''} ${street}`.trim(), city].filter(Boolean).join(', ');
}

/** On a street with two directions the driver may come from either end. */
function nearer(network: RoadNetwork, tree: PathTree, door: Omit<Door, 'seconds'>): Door {
  const { from, to, share, address } = door;
  const forth = { ...door, seconds: secondsTo(network, tree, door) };
  const back = { address, from: to, to: from, share: Math.round((1 - share) * 1000) / 1000 };
  const behind = { ...back, seconds: secondsTo(network, tree, back) };
  return behind.seconds < forth.seconds ? behind : forth;
}

function secondsTo(network: RoadNetwork, tree: PathTree, { from, to, share }: Omit<Door, 'seconds'>): number {
  const edge = findEdge(network, from, to);
  return edge < 0
    ? Number.POSITIVE_INFINITY
    : (tree.seconds[from] ?? 0) + share * (network.seconds[edge] ?? 0);
}
