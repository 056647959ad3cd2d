import type { Door } from './doors.ts';
import type { RoadNetwork } from './network.ts';
import type { PathTree } from './shortest-path-tree.ts';

export type Point = [lat: number, lon: number];

/** The way to a node, shared by all doors behind it: its points, after how many seconds each is passed, and as JSON. */
type Trunk = { points: Point[]; passedAt: number[]; json: string };

/** A drive from the kitchen to a door, in free traffic: the way to the last corner, and the door itself. */
export type Route = { trunk: Trunk; end: Point; seconds: number };

/** So many characters of trunks are kept at most, then they are walked anew; the routes are the same. */
const KEPT_CHARACTERS = 16_000_000;

/**
 * Routes from the tree's origin: the tree's path, walked backwards, and then a share of the door's edge.
 * `slowness` multiplies the network's times.
 */
export function createRouter(network: RoadNetwork, tree: PathTree, slowness = 1): (door: Door) => Route {
  const kept = new Map<number, Trunk>();
  const names = Array.from(network.lat, (lat, node) => `[${lat},${network.lon[node]}]`);
  let characters = 0;
  const trunkTo = (node: number): Trunk => {
    const known = kept.get(node);
    if (known) return known;
    const trunk = walkBack(network, tree, node, { names, slowness });
    characters += trunk.json.length;
    if (characters > KEPT_CHARACTERS) {
      kept.clear();
      characters = trunk.json.length;
    }
    kept.set(node, trunk);
    return trunk;
  };
  return ({ from, to, share, seconds }) => {
    const end = between(pointOf(network, from), pointOf(network, to), share);
    return { trunk: trunkTo(from), end, seconds: seconds * slowness };
  };
}

/** All points of a route, the kitchen first and the door last. */
export function listPoints({ trunk, end }: Route): Point[] {
  return [...trunk.points, end];
}

/** The points of a route as JSON. */
export function describePoints({ trunk, end }: Route): string {
  return `[${trunk.json},[${end[0]},${end[1]}]]`;
}

/** Where a driver is who has driven a share of the route's time; shares must come in ascending order. */
export function createFollower({ trunk, end, seconds }: Route): (share: number) => Point {
  const { points, passedAt } = trunk;
  let next = 1;
  return (share) => {
    const passed = share * seconds;
    while (next < points.length && (passedAt[next] ?? 0) < passed) next += 1;
    const from = passedAt[next - 1] ?? 0;
    const length = (passedAt[next] ?? seconds) - from;
    const start = points[next - 1] ?? end;
    return length > 0 ? between(start, points[next] ?? end, Math.min(1, (passed - from) / length)) : end;
  };
}

type Walk = { names: string[]; slowness: number };

function walkBack(network: RoadNetwork, tree: PathTree, node: number, { names, slowness }: Walk): Trunk {
  const path: number[] = [];
  for (let step = node; step >= 0; step = tree.parent[step] ?? -1) path.push(step);
  path.reverse();
  const points = path.map((step) => pointOf(network, step));
  const json = path.map((step) => names[step]).join(',');
  return { points, json, passedAt: path.map((step) => (tree.seconds[step] ?? 0) * slowness) };
}

function pointOf({ lat, lon }: RoadNetwork, node: number): Point {
  return [lat[node] ?? 0, lon[node] ?? 0];
}

function between([lat, lon]: Point, [toLat, toLon]: Point, share: number): Point {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return [round(lat + (toLat - lat) * share), round(lon + (toLon - lon) * share)];
}
