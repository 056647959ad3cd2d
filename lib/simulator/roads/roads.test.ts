import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '#lib/random.ts';
import { keepLargestComponent } from './components.ts';
import { buildDeliveryArea } from './delivery-area.ts';
import { addressOf, drawDoor } from './doors.ts';
import { distanceMeters } from './geometry.ts';
import { buildNetwork, type Edge, listEdgeOrigins, type RoadNetwork } from './network.ts';
import { createPositionTracker, formatPoints, listPoints } from './route.ts';
import { buildPathTree } from './shortest-path-tree.ts';
import { simplify } from './simplify.ts';
import { buildSyntheticNetwork, drawStreetNames, numberedAvenue } from './synthetic/synthetic-network.ts';

const kitchen = { lat: 45.5142, lon: -122.6519 };
const network = buildSyntheticNetwork({ code: 'portland', center: kitchen, radiusMiles: 2 });
const plan = { code: 'portland', kitchen, radiusMiles: 2, mph: 25 };
const { doors, routeTo } = buildDeliveryArea(network, plan);

const laneSet = ({ target, ...rows }: RoadNetwork) =>
  new Set([...listEdgeOrigins({ target, ...rows })].map((from, edge) => `${from} ${target[edge]}`));
const edgesOf = (count: number) =>
  fc.array(
    fc.record({
      from: fc.nat({ max: count - 1 }),
      to: fc.nat({ max: count - 1 }),
      seconds: fc.integer({ min: 1, max: 50 }),
    }),
    { maxLength: 120 },
  );
const roadsOf = (count: number, drawn: { from: number; to: number; seconds: number }[]) => ({
  nodes: Array.from({ length: count }, () => ({ lat: 0, lon: 0 })),
  edges: drawn.map((edge): Edge => ({ ...edge, meters: edge.seconds, street: 0 })),
  streets: [''],
  addresses: [],
});

test('a city is always the same for one code, and different for another', () => {
  const city = (code: string) => buildSyntheticNetwork({ code, center: { ...kitchen }, radiusMiles: 1.5 });
  expect(city('denver').lat).not.toEqual(city('austin').lat);
  expect(buildDeliveryArea(network, plan).doors).toEqual(doors);
});

test('every node can be reached from every other, also with one-way streets and rivers', () => {
  const reached = buildPathTree(network, 17).seconds;
  expect(reached.every((seconds) => Number.isFinite(seconds))).toBe(true);
  const lanes = laneSet(network);
  const oneWay = [...lanes].filter((lane) => !lanes.has(lane.split(' ').reverse().join(' ')));
  expect(oneWay.length / lanes.size).toBeGreaterThan(0.01);
  expect(oneWay.length / lanes.size).toBeLessThan(0.3);
  const degrees = new Set(
    [...network.lat.keys()].map(
      (node) => (network.firstEdge[node + 1] ?? 0) - (network.firstEdge[node] ?? 0),
    ),
  );
  expect(degrees.size).toBeGreaterThan(3);
});

test('a river makes routes longer than a grid would: some doors nearby in a straight line are far by road', () => {
  const tree = buildPathTree(network, 0);
  expect(tree.seconds.length).toBeGreaterThan(700);
  const detours = doors.map((door) => {
    const points = listPoints(routeTo(door));
    const length = points.slice(1).reduce((sum, point, step) => {
      const before = points[step] ?? point;
      return sum + distanceMeters({ lat: before[0], lon: before[1] }, { lat: point[0], lon: point[1] });
    }, 0);
    const end = points.at(-1) ?? [0, 0];
    return length / Math.max(100, distanceMeters(kitchen, { lat: end[0], lon: end[1] }));
  });
  const mean = detours.reduce((sum, detour) => sum + detour) / detours.length;
  expect(mean).toBeGreaterThan(1.15);
  expect(mean).toBeLessThan(1.6);
  expect(Math.max(...detours)).toBeGreaterThan(1.8);
});

test('the average speed of drivers is that of the config', () => {
  let [meters, seconds] = [0, 0];
  for (const door of doors) {
    const { path: trunk } = routeTo(door);
    seconds += trunk.passedAt.at(-1) ?? 0;
    for (const [step, [lat, lon]] of trunk.points.entries())
      if (step > 0) {
        const [beforeLat, beforeLon] = trunk.points[step - 1] ?? [0, 0];
        meters += distanceMeters({ lat: beforeLat, lon: beforeLon }, { lat, lon });
      }
  }
  expect(meters / 1609.344 / (seconds / 3600)).toBeCloseTo(25, 6);
});

test('no path is faster than the tree says, and each path of the tree exists', () => {
  fc.assert(
    fc.property(edgesOf(30), (drawn) => {
      const { edges, ...rest } = roadsOf(30, drawn);
      const { seconds, parent } = buildPathTree(buildNetwork({ edges, ...rest }), 0);
      for (const edge of edges)
        expect((seconds[edge.to] ?? 0) <= (seconds[edge.from] ?? 0) + edge.seconds).toBe(true);
      for (let node = 1; node < 30; node += 1) {
        const used = edges.some(
          ({ from, to, seconds: cost }) =>
            to === node && from === parent[node] && (seconds[from] ?? 0) + cost === seconds[node],
        );
        expect(used).toBe(Number.isFinite(seconds[node]));
      }
    }),
  );
});

test('in the largest component all nodes reach all, and no larger one exists', () => {
  fc.assert(
    fc.property(edgesOf(14), (drawn) => {
      const roads = roadsOf(14, drawn);
      const reach = roads.nodes.map((_, node) => buildPathTree(buildNetwork(roads), node).seconds);
      const both = (one: number, other: number) =>
        Number.isFinite(reach[one]?.[other]) && Number.isFinite(reach[other]?.[one]);
      const sizes = roads.nodes.map((_, one) => roads.nodes.filter((__, other) => both(one, other)).length);
      const { roads: kept, connectivity } = keepLargestComponent(roads);
      expect(connectivity.kept).toBe(Math.max(...sizes));
      const inside = buildNetwork(kept);
      for (const node of kept.nodes.keys())
        expect(buildPathTree(inside, node).seconds.every(Number.isFinite)).toBe(true);
    }),
  );
});

test('simplifying keeps junctions, bends, lengths and times', () => {
  // A straight road with two points between, a bend of 300 m, and a one-way lane with a point off by one meter.
  const at = (north: number, east: number) => ({ lat: north / 111_320, lon: east / 111_320 });
  const nodes = [at(0, 0), at(0, 100), at(0, 200), at(0, 300), at(300, 300), at(300, 0), at(151, 1)];
  const both = (from: number, to: number): Edge[] => {
    const edge = { meters: 100, seconds: 10, street: 0 };
    return [
      { ...edge, from, to },
      { ...edge, from: to, to: from },
    ];
  };
  const edges = [...both(0, 1), ...both(1, 2), ...both(2, 3), ...both(3, 4), ...both(4, 5)];
  const lane = [
    { from: 5, to: 6, meters: 150, seconds: 9, street: 1 },
    { from: 6, to: 0, meters: 150, seconds: 9, street: 1 },
  ];
  const { nodes: kept, edges: left } = simplify({
    nodes,
    edges: [...edges, ...lane],
    streets: ['', 'Lane'],
    addresses: [],
  });
  expect(kept).toEqual([nodes[0], nodes[3], nodes[4], nodes[5]]);
  expect(left).toContainEqual({ from: 0, to: 1, meters: 300, seconds: 30, street: 0 });
  expect(left).toContainEqual({ from: 1, to: 0, meters: 300, seconds: 30, street: 0 });
  expect(left).toContainEqual({ from: 3, to: 0, meters: 300, seconds: 18, street: 1 });
  expect(left).toHaveLength(7);
});

test('a route leads from the kitchen to the door along the lanes of the network, forward in time', () => {
  const lanes = laneSet(network);
  const nodeAt = new Map([...network.lat].map((lat, node) => [`${lat},${network.lon[node]}`, node]));
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const door = drawDoor(doors, stream(seed));
      const route = routeTo(door);
      const points = listPoints(route);
      expect(points[0]).toEqual([45.5142, -122.6519]);
      expect(JSON.parse(formatPoints(route))).toEqual(points);
      const nodes = [...route.path.points.map((point) => nodeAt.get(String(point))), door.to];
      for (let step = 1; step < nodes.length; step += 1)
        expect(lanes.has(`${nodes[step - 1]} ${nodes[step]}`)).toBe(true);
      const times = [...route.path.passedAt, route.seconds];
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(addressOf(network, door, 'Portland, OR 97214')).toMatch(
        /^\d+ .+ (St|Ln|Ave|Blvd), Portland, OR 97214$/,
      );
    }),
  );
});

test('the position of a driver follows the route from its first point to its last', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (seed, shares) => {
      const route = routeTo(drawDoor(doors, stream(seed)));
      const follow = createPositionTracker(route);
      const [points, times] = [listPoints(route), [...route.path.passedAt, route.seconds]];
      for (const share of shares.sort((one, other) => one - other)) {
        const [lat, lon] = follow(share);
        const step = Math.max(
          1,
          times.findIndex((seconds) => seconds >= share * route.seconds),
        );
        const ends = points.slice(step - 1, step + 1);
        const [lats, lons] = [ends.map((point) => point[0]), ends.map((point) => point[1])];
        expect(lat >= Math.min(...lats) && lat <= Math.max(...lats)).toBe(true);
        expect(lon >= Math.min(...lons) && lon <= Math.max(...lons)).toBe(true);
      }
      expect(createPositionTracker(route)(0)).toEqual(points[0]);
      expect(createPositionTracker(route)(1)).toEqual(points.at(-1));
    }),
  );
});

test('a kitchen outside its network, or without customers, is refused', () => {
  const away = { ...plan, kitchen: { lat: 45.6, lon: -122.6519 } };
  expect(() => buildDeliveryArea(network, away)).toThrow(/ends \d+ m from its kitchen at 45.6, -122.6519/);
  expect(() => buildDeliveryArea(network, { ...plan, radiusMiles: 0.001 })).toThrow(
    /no address within 0.001 miles/,
  );
});

test('routes begin at the address of the kitchen where the network has it', () => {
  const { addresses, streets } = network;
  const address = `${addresses.number[99]} ${streets[addresses.street[99] ?? 0]}, Portland`;
  const node = network.target[addresses.edge[99] ?? 0] ?? 0;
  const far = { ...plan, kitchen: { lat: 0, lon: 0 }, address };
  const [door] = buildDeliveryArea(network, far).doors;
  const route = door && buildDeliveryArea(network, far).routeTo(door);
  expect(route?.path.points[0]).toEqual([network.lat[node], network.lon[node]]);
});

test('streets have names, also in a city with more streets than names', () => {
  expect(new Set(drawStreetNames(100, stream(1))).size).toBe(100);
  expect(drawStreetNames(400, stream(1)).every((name) => / (St|Ln)$/.test(name))).toBe(true);
  expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(numberedAvenue)).toEqual(
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th'].map((name) => `${name} Ave`),
  );
});
