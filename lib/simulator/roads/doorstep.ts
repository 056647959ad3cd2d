import { integer, pick, type Source } from '#lib/random.ts';
import { distanceMeters, type RoadNetwork } from './network.ts';
import type { PathTree } from './shortest-path-tree.ts';

/** Where a customer lives: a share of the way along the last edge to `node`. */
export type Doorstep = { node: number; share: number; houseNumber: number };

/** The nodes that can be driven to within a radius of the tree's origin; the origin is none of them. */
export function listReachable(network: RoadNetwork, tree: PathTree, radiusMeters: number): number[] {
  const at = (node: number) => ({ lat: network.lat[node] ?? 0, lon: network.lon[node] ?? 0 });
  const center = at(tree.origin);
  return [...tree.seconds.keys()].filter(
    (node) =>
      node !== tree.origin &&
      Number.isFinite(tree.seconds[node]) &&
      distanceMeters(center, at(node)) <= radiusMeters,
  );
}

/** Draws a customer's door on a street that leads to one of `reachable`. */
export function drawDoorstep(
  network: RoadNetwork,
  tree: PathTree,
  reachable: number[],
  source: Source,
): Doorstep {
  const node = pick(source, reachable);
  const share = 0.2 + 0.8 * source();
  const base = network.houseBase[tree.parentEdge[node] ?? 0] ?? 0;
  return { node, share, houseNumber: base + integer(source, 1, 99) };
}

/** The street address of a door; `city` is what follows the street. */
export function addressOf(network: RoadNetwork, tree: PathTree, door: Doorstep, city: string): string {
  const street = network.streets[network.street[tree.parentEdge[door.node] ?? 0] ?? 0] ?? '';
  return [`${door.houseNumber} ${street}`, city].filter(Boolean).join(', ');
}
