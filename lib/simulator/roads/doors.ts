import { pick, type Source } from '#lib/random.ts';
import { distanceMeters, type LatLon } from './geometry.ts';
import { findEdge, listEdgeOrigins, type RoadNetwork } from './network.ts';
import type { PathTree } from './shortest-path-tree.ts';

/** A customer's door, at a share of the way between two nodes; `seconds` is the drive from the kitchen. */
export type Door = { address: number; from: number; to: number; share: number; seconds: number };

/** The doors within a radius of the tree's origin that can be reached, each from the direction that is faster. */
export function listDoors(network: RoadNetwork, tree: PathTree, radiusMeters: number): Door[] {
  const { addresses, lat, lon } = network;
  const at = (node: number): LatLon => ({ lat: lat[node] ?? 0, lon: lon[node] ?? 0 });
  const center = at(tree.origin);
  const origins = listEdgeOrigins(network);
  const isNear = ({ from, to, share }: Door) => {
    const [start, end] = [at(from), at(to)];
    const point = {
      lat: start.lat + share * (end.lat - start.lat),
      lon: start.lon + share * (end.lon - start.lon),
    };
    return distanceMeters(center, point) <= radiusMeters;
  };
  return [...addresses.number.keys()].flatMap((address) => {
    const edge = addresses.edge[address] ?? 0;
    const [from, to] = [origins[edge] ?? 0, network.target[edge] ?? 0];
    const door = chooseDirection(network, tree, { address, from, to, share: addresses.share[address] ?? 0 });
    return Number.isFinite(door.seconds) && isNear(door) ? [door] : [];
  });
}

/** Draws a customer's door; all are equally likely. */
export function drawDoor(doors: Door[], source: Source): Door {
  return pick(source, doors);
}

/** The street address of a door; `city` is the part after the street. */
export function addressOf({ addresses, streets }: RoadNetwork, { address }: Door, city: string): string {
  const street = streets[addresses.street[address] ?? 0] ?? '';
  return [`${addresses.number[address] ?? ''} ${street}`.trim(), city].filter(Boolean).join(', ');
}

/** On a two-way street the driver may come from either end. */
function chooseDirection(network: RoadNetwork, tree: PathTree, door: Omit<Door, 'seconds'>): Door {
  const { from, to, share, address } = door;
  const forward = { ...door, seconds: secondsTo(network, tree, door) };
  const reverse = { address, from: to, to: from, share: Math.round((1 - share) * 1000) / 1000 };
  const backward = { ...reverse, seconds: secondsTo(network, tree, reverse) };
  return backward.seconds < forward.seconds ? backward : forward;
}

function secondsTo(network: RoadNetwork, tree: PathTree, { from, to, share }: Omit<Door, 'seconds'>): number {
  const edge = findEdge(network, from, to);
  return edge < 0
    ? Number.POSITIVE_INFINITY
    : (tree.seconds[from] ?? 0) + share * (network.seconds[edge] ?? 0);
}
