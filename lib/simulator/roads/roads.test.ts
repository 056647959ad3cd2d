import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '#lib/random.ts';
import { drawDoorstep, listReachable } from './doorstep.ts';
import { buildGrid } from './grid.ts';
import { buildNetwork, distanceMeters, type Edge } from './network.ts';
import { createFollower, routeTo } from './route.ts';
import { buildPathTree } from './shortest-path-tree.ts';
import { drawStreetNames, numberedAvenue } from './street-names.ts';

const plan = { code: 'portland', center: { lat: 45.5142, lon: -122.6519 }, radiusMiles: 2, mph: 25 };
const { network, origin } = buildGrid(plan);
const tree = buildPathTree(network, origin);
const reachable = listReachable(network, tree, 2 * 1609.344);

test('a grid is the same for the same code, and another for another', () => {
  expect(buildGrid(plan)).toEqual({ network, origin });
  expect(buildGrid({ ...plan, code: 'austin' }).network.lat).not.toEqual(network.lat);
});

test('the kitchen stands where its location is, and nearly every corner can be reached', () => {
  expect([network.lat[origin], network.lon[origin]]).toEqual([45.5142, -122.6519]);
  expect([...tree.seconds].filter(Number.isFinite).length / tree.seconds.length).toBeGreaterThan(0.99);
  expect(reachable.length).toBeGreaterThan(700);
  const center = { lat: 45.5142, lon: -122.6519 };
  for (const node of reachable)
    expect(distanceMeters(center, { lat: network.lat[node] ?? 0, lon: network.lon[node] ?? 0 })).toBeLessThan(
      3219,
    );
});

test('the tree holds the fastest ways: no edge of any network makes one shorter', () => {
  const anyEdge = fc.record({
    from: fc.integer({ min: 0, max: 29 }),
    to: fc.integer({ min: 0, max: 29 }),
    seconds: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(anyEdge, { maxLength: 200 }), (drawn) => {
      const nodes = Array.from({ length: 30 }, () => ({ lat: 0, lon: 0 }));
      const edges = drawn.map((edge): Edge => ({ ...edge, meters: edge.seconds, street: 0, houseBase: 0 }));
      const { seconds, parent } = buildPathTree(buildNetwork(nodes, edges, ['']), 0);
      for (const edge of edges)
        expect((seconds[edge.to] ?? 0) <= (seconds[edge.from] ?? 0) + edge.seconds).toBe(true);
      for (let node = 1; node < 30; node += 1) {
        const used = edges.some(
          (edge) =>
            edge.to === node &&
            edge.from === parent[node] &&
            (seconds[edge.from] ?? 0) + edge.seconds === seconds[node],
        );
        expect(used).toBe(Number.isFinite(seconds[node]));
      }
    }),
  );
});

test('a route leads from the kitchen to the door along the streets, forward in time', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const route = routeTo(network, tree, drawDoorstep(network, tree, reachable, stream(seed)));
      expect(route.points[0]).toEqual([45.5142, -122.6519]);
      expect(route.points.length).toBe(route.passedAt.length);
      for (let step = 1; step < route.points.length; step += 1) {
        const [from, to] = [route.points[step - 1], route.points[step]];
        const meters = distanceMeters(
          { lat: from?.[0] ?? 0, lon: from?.[1] ?? 0 },
          { lat: to?.[0] ?? 0, lon: to?.[1] ?? 0 },
        );
        expect(meters).toBeLessThan(300);
        expect((route.passedAt[step] ?? 0) > (route.passedAt[step - 1] ?? 0)).toBe(true);
      }
      expect(route.passedAt.at(-1)).toBe(route.seconds);
    }),
  );
});

test('a driver follows the route from its first point to its last', () => {
  const route = routeTo(network, tree, { node: reachable[0] ?? 0, share: 0.5, houseNumber: 1 });
  const follow = createFollower(route);
  expect(follow(0)).toEqual(route.points[0]);
  const halfway = follow(0.5);
  const passed = route.passedAt.findIndex((seconds) => seconds >= route.seconds / 2);
  const [before, after] = [route.points[passed - 1], route.points[passed]];
  expect(halfway[0]).toBeGreaterThanOrEqual(Math.min(before?.[0] ?? 0, after?.[0] ?? 0));
  expect(halfway[0]).toBeLessThanOrEqual(Math.max(before?.[0] ?? 0, after?.[0] ?? 0));
  expect(follow(1)).toEqual(route.points.at(-1));
});

test('streets have names, also in a city with more streets than names', () => {
  expect(new Set(drawStreetNames(100, stream(1))).size).toBe(100);
  expect(drawStreetNames(400, stream(1)).every((name) => / (St|Ln)$/.test(name))).toBe(true);
  expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(numberedAvenue)).toEqual(
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th'].map((name) => `${name} Ave`),
  );
});
