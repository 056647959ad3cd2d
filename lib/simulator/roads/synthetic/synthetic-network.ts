import { integer, type Source, stream } from '#lib/random.ts';
import { keepLargestComponent, keepNodes } from '../components.ts';
import { type LatLon, METERS_PER_DEGREE, type Meters } from '../geometry.ts';
import { type Address, buildNetwork, type Edge, type RoadNetwork, type Roads } from '../network.ts';
import { type City, isArterial, planCity, RIVER_HALF_WIDTH } from './city-plan.ts';

type SyntheticNetworkParams = { code: string; center: LatLon; radiusMiles: number };

const KMH = { arterial: 56, collector: 40, local: 29 };
const CLOSED_SHARE = 0.06;

/** The networks built by this process; a network never changes. */
const cache = new Map<string, RoadNetwork>();

type Corner = { column: number; row: number };
/** A city under construction. `points` are the positions of the corners. */
type Site = { city: City; points: Meters[]; roads: Roads };

/**
 * Builds an invented city, always the same for the same code: a bent and rotated grid that is denser downtown, with
 * arterials, one-way streets around the center, a diagonal boulevard, parks, and one or two rivers with few bridges.
 * A corner is at exactly `center`. Every corner can be reached from every other one.
 */
export function buildSyntheticNetwork(params: SyntheticNetworkParams): RoadNetwork {
  const key = JSON.stringify(params);
  const network = cache.get(key) ?? build(params);
  cache.set(key, network);
  return network;
}

function build({ code, center, radiusMiles }: SyntheticNetworkParams): RoadNetwork {
  const city = planCity(code, radiusMiles);
  const size = city.lines.length;
  const corners = Array.from({ length: size * size }, (_, index) => cornerOf(index, size));
  const points = corners.map(({ column, row }) => city.bend(gridPoint(city, column, row)));
  const perDegreeEast = METERS_PER_DEGREE * Math.cos((center.lat * Math.PI) / 180);
  const nodes = points.map(({ east, north }) => ({
    lat: center.lat + north / METERS_PER_DEGREE,
    lon: center.lon + east / perDegreeEast,
  }));
  const streets = [
    ...drawStreetNames(size, stream(0, 'streets', code)),
    ...Array.from({ length: size }, (_, avenue) => numberedAvenue(avenue + 1)),
    'Diagonal Blvd',
  ];
  const site: Site = { city, points, roads: { nodes, edges: [], streets, addresses: [] } };
  for (const corner of corners)
    for (const [right, up] of [
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const)
      addBlock(site, corner, { column: corner.column + right, row: corner.row + up });
  const inside = keepNodes(site.roads, (node) => isInside(city, corners[node], points[node]));
  return buildNetwork(keepLargestComponent(inside).roads);
}

const cornerOf = (index: number, size: number): Corner => ({
  column: index % size,
  row: Math.floor(index / size),
});

const gridPoint = ({ lines }: City, column: number, row: number): Meters => ({
  east: lines[column] ?? 0,
  north: lines[row] ?? 0,
});

/** Whether a corner is within the radius, and on land or on a bridge. */
function isInside(city: City, corner: Corner | undefined, point: Meters | undefined): boolean {
  if (!corner || !point) return false;
  const far = point.east * point.east + point.north * point.north > (1.05 * city.radius) ** 2;
  const at = gridPoint(city, corner.column, corner.row);
  const wet = city.rivers.some(
    ({ offset, bridges, along }) =>
      Math.abs(offset(at)) < RIVER_HALF_WIDTH && !bridges.has(along === 'east' ? corner.column : corner.row),
  );
  return !far && !wet;
}

/** Adds the block between two corners, if there is one: its lanes in one or both directions, and its houses. */
function addBlock({ city, points, roads }: Site, begin: Corner, end: Corner): void {
  const size = city.lines.length;
  const block = describeBlock(city, begin, end);
  const [from, to] = [begin.row * size + begin.column, end.row * size + end.column];
  const [start, stop] = [points[from], points[to]];
  if (!start || !stop || !isBuilt(city, begin, end, block)) return;
  const meters = Math.sqrt((stop.east - start.east) ** 2 + (stop.north - start.north) ** 2);
  const { grade, line, street } = block;
  const edge: Edge = { from, to, meters, seconds: meters / (KMH[grade] / 3.6), street };
  const lanes = listLanes(edge, isOneWay(city, begin, grade) ? line % 2 : undefined);
  roads.edges.push(...lanes);
  const hundred = (block.way === 'east' ? begin.column : begin.row) + 1;
  const houses = grade === 'arterial' ? 2 : 4;
  roads.addresses.push(
    ...lanes.slice(0, 1).flatMap((lane) => buildHouses(city, lane, hundred * 100, houses)),
  );
}

type Block = {
  way: 'east' | 'north' | 'diagonal';
  /** The row or column of its street. */
  line: number;
  grade: keyof typeof KMH;
  street: number;
  closed: boolean;
};

function describeBlock(city: City, begin: Corner, end: Corner): Block {
  const size = city.lines.length;
  const closed = city.draw() < CLOSED_SHARE;
  if (begin.row !== end.row && begin.column !== end.column)
    return { way: 'diagonal', line: begin.column, grade: 'arterial', street: 2 * size, closed };
  const way = begin.row === end.row ? 'east' : 'north';
  const line = way === 'east' ? begin.row : begin.column;
  const grade = isArterial(line, city) ? 'arterial' : line % 3 === 0 ? 'collector' : 'local';
  return { way, line, grade, street: way === 'east' ? line : size + line, closed };
}

/** The boulevard is one diagonal; only bridges cross water; a park has streets only at its edge. */
function isBuilt(city: City, begin: Corner, end: Corner, block: Block): boolean {
  const size = city.lines.length;
  if (end.column >= size || end.row >= size) return false;
  if (block.way === 'diagonal' && begin.column - begin.row !== city.diagonal) return false;
  const quiet = block.grade !== 'arterial';
  return !(quiet && (block.closed || isInPark(city, begin, end))) && !crossesWater(city, begin, end, block);
}

function crossesWater(city: City, begin: Corner, end: Corner, { way, line }: Block): boolean {
  const [from, to] = [gridPoint(city, begin.column, begin.row), gridPoint(city, end.column, end.row)];
  return city.rivers.some(({ offset, bridges, along }) => {
    if (way !== along && way !== 'diagonal' && bridges.has(line)) return false;
    const [one, other] = [offset(from), offset(to)];
    return Math.min(Math.abs(one), Math.abs(other)) < RIVER_HALF_WIDTH || one * other < 0;
  });
}

function isInPark({ parks }: City, begin: Corner, end: Corner): boolean {
  const middle = { column: (begin.column + end.column) / 2, row: (begin.row + end.row) / 2 };
  return parks.some(
    ({ column, row, width, height }) =>
      middle.column > column &&
      middle.column < column + width &&
      middle.row > row &&
      middle.row < row + height,
  );
}

function isOneWay({ middle, lines }: City, { column, row }: Corner, grade: string): boolean {
  const near = lines.length / 6;
  return grade === 'local' && Math.abs(column - middle) < near && Math.abs(row - middle) < near;
}

/** Both directions of a block, or the one of a one-way street: even streets run forward, odd ones backward. */
function listLanes(edge: Edge, oneWay: number | undefined): Edge[] {
  const back = { ...edge, from: edge.to, to: edge.from };
  return oneWay === undefined ? [edge, back] : [oneWay === 0 ? edge : back];
}

function buildHouses({ draw }: City, { from, to, street }: Edge, base: number, count: number): Address[] {
  return Array.from({ length: count }, (_, index) => ({
    from,
    to,
    street,
    share: (index + 0.3 + 0.4 * draw()) / count,
    number: String(base + Math.floor((index * 98) / count) + integer(draw, 1, Math.floor(98 / count))),
  }));
}

const STREET_NAMES =
  `Alder Aspen Barley Basin Beacon Birch Bramble Bridge Brook Canal Cannery Cedar Chandler Chapel Clover
Cobble Cooper Copper Creek Cypress Depot Dogwood Elm Fern Ferry Filbert Foundry Garnet Granary Gravel Harbor Harrow
Hawthorn Hazel Heron Holly Juniper Kiln Lantern Larch Laurel Linden Locust Magnolia Maple Mason Meadow Mercer Mill
Millrace Mulberry Oak Orchard Osprey Palmer Pear Pine Plum Poplar Quarry Quince Rail Reed Saddler Sawmill Shale
Slate Sorrel Spruce Sycamore Tanner Teal Thistle Timber Union Vine Walnut Weaver Wharf Willow Wren Yarrow`.split(
    /\s+/,
  );

/** Draws `count` names for the streets that run east, in random order; a large city uses a name twice. */
export function drawStreetNames(count: number, source: Source): string[] {
  const left = STREET_NAMES.flatMap((name) => [`${name} St`, `${name} Ln`]);
  const drawn = Array.from({ length: left.length }, () =>
    left.splice(integer(source, 0, left.length - 1), 1),
  ).flat();
  return Array.from({ length: count }, (_, index) => drawn[index % drawn.length] ?? '');
}

/** 1 → "1st Ave", 12 → "12th Ave", 23 → "23rd Ave". */
export function numberedAvenue(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')} Ave`;
}
