import type { Doorstep } from './doorstep.ts';
import type { RoadNetwork } from './network.ts';
import type { PathTree } from './shortest-path-tree.ts';

export type Point = [lat: number, lon: number];

/** A drive from the kitchen to a door: points with the seconds after which each is passed in free traffic. */
export type Route = { points: Point[]; passedAt: number[]; seconds: number };

/** The fastest route to a door: the tree's path, walked backwards, and then a share of its last edge. */
export function routeTo(network: RoadNetwork, tree: PathTree, { node, share }: Doorstep): Route {
  const path: number[] = [];
  for (let step = tree.parent[node] ?? -1; step >= 0; step = tree.parent[step] ?? -1) path.push(step);
  path.reverse();
  const points = path.map((step): Point => [network.lat[step] ?? 0, network.lon[step] ?? 0]);
  const passedAt = path.map((step) => tree.seconds[step] ?? 0);
  const begin = passedAt.at(-1) ?? 0;
  const seconds = begin + share * ((tree.seconds[node] ?? 0) - begin);
  const end: Point = [network.lat[node] ?? 0, network.lon[node] ?? 0];
  points.push(between(points.at(-1) ?? end, end, share));
  passedAt.push(seconds);
  return { points, passedAt, seconds };
}

/** Where a driver is who has driven a share of the route's time; shares must come in ascending order. */
export function createFollower(route: Route): (share: number) => Point {
  let next = 1;
  return (share) => {
    const passed = share * route.seconds;
    while (next < route.points.length - 1 && (route.passedAt[next] ?? 0) < passed) next += 1;
    const [start, end] = [route.points[next - 1], route.points[next]];
    const from = route.passedAt[next - 1] ?? 0;
    const length = (route.passedAt[next] ?? 0) - from;
    if (!start || !end || length <= 0) return end ?? start ?? [0, 0];
    return between(start, end, Math.min(1, (passed - from) / length));
  };
}

function between([lat, lon]: Point, [toLat, toLon]: Point, share: number): Point {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return [round(lat + (toLat - lat) * share), round(lon + (toLon - lon) * share)];
}
