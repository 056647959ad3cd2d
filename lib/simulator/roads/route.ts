import type { Door } from './doors.ts';
import type { RoadNetwork } from './network.ts';
import type { PathTree } from './shortest-path-tree.ts';

export type Point = [lat: number, lon: number];

/** The path to a node, shared by all doors beyond it: its points, the seconds at which each is passed, and its JSON. */
type NodePath = { points: Point[]; passedAt: number[]; json: string };

/** A drive from the kitchen to a door without traffic: the path to the last corner, and the door itself. */
export type Route = { path: NodePath; end: Point; seconds: number };

/** The cache of paths holds at most this many characters of JSON, then it starts again; the routes do not change. */
const MAX_CACHED_CHARACTERS = 16_000_000;

/** Creates a function that finds routes from the origin of a tree. `timeScale` multiplies the network's times. */
export function createRouter(network: RoadNetwork, tree: PathTree, timeScale = 1): (door: Door) => Route {
  const cache = new Map<number, NodePath>();
  const pointTexts = Array.from(network.lat, (lat, node) => `[${lat},${network.lon[node]}]`);
  let characters = 0;
  const pathTo = (node: number): NodePath => {
    const cached = cache.get(node);
    if (cached) return cached;
    const path = tracePath(network, tree, node, { pointTexts, timeScale });
    characters += path.json.length;
    if (characters > MAX_CACHED_CHARACTERS) {
      cache.clear();
      characters = path.json.length;
    }
    cache.set(node, path);
    return path;
  };
  return ({ from, to, share, seconds }) => {
    const end = interpolate(pointOf(network, from), pointOf(network, to), share);
    return { path: pathTo(from), end, seconds: seconds * timeScale };
  };
}

/** All points of a route, from the kitchen to the door. */
export function listPoints({ path, end }: Route): Point[] {
  return [...path.points, end];
}

/** The points of a route as JSON. */
export function formatPoints({ path, end }: Route): string {
  return `[${path.json},[${end[0]},${end[1]}]]`;
}

/** Creates a function that gives the position at a share of the route's time. Shares must be ascending. */
export function createPositionTracker({ path, end, seconds }: Route): (share: number) => Point {
  const { points, passedAt } = path;
  let next = 1;
  return (share) => {
    const passed = share * seconds;
    while (next < points.length && (passedAt[next] ?? 0) < passed) next += 1;
    const from = passedAt[next - 1] ?? 0;
    const length = (passedAt[next] ?? seconds) - from;
    const start = points[next - 1] ?? end;
    return length > 0 ? interpolate(start, points[next] ?? end, Math.min(1, (passed - from) / length)) : end;
  };
}

/** Follows the tree from a node back to its origin. */
function tracePath(
  network: RoadNetwork,
  tree: PathTree,
  node: number,
  { pointTexts, timeScale }: { pointTexts: string[]; timeScale: number },
): NodePath {
  const nodes: number[] = [];
  for (let step = node; step >= 0; step = tree.parent[step] ?? -1) nodes.push(step);
  nodes.reverse();
  return {
    points: nodes.map((step) => pointOf(network, step)),
    json: nodes.map((step) => pointTexts[step]).join(','),
    passedAt: nodes.map((step) => (tree.seconds[step] ?? 0) * timeScale),
  };
}

function pointOf({ lat, lon }: RoadNetwork, node: number): Point {
  return [lat[node] ?? 0, lon[node] ?? 0];
}

function interpolate([lat, lon]: Point, [toLat, toLon]: Point, share: number): Point {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return [round(lat + (toLat - lat) * share), round(lon + (toLon - lon) * share)];
}
