import { integer, stream } from '#lib/random.ts';
import { type City, isArterial, planCity, RIVER_HALF_WIDTH } from './city-plan.ts';
import { keepLargestPart, keepNodes } from './components.ts';
import { METERS_PER_DEGREE, type Meters, type Node } from './geometry.ts';
import { type Address, buildNetwork, type Edge, type RoadNetwork, type Roads } from './network.ts';
import { drawStreetNames, numberedAvenue } from './street-names.ts';

export type SyntheticPlan = { code: string; center: Node; radiusMiles: number };

const KMH = { arterial: 56, collector: 40, local: 29 };
const CLOSED_SHARE = 0.06;

/** What a process has built already; a network never changes. */
const built = new Map<string, RoadNetwork>();

type Corner = { column: number; row: number };
type Ground = { city: City; places: Meters[]; roads: Roads };

/**
 * A city that nobody built, the same for the same code: bent and turned streets that are denser downtown, arterials,
 * one-way streets around the middle, a diagonal boulevard, parks, and one or two rivers with few bridges.
 * A corner lies at exactly `center`. Everybody can drive from every corner to every other.
 */
export function buildSyntheticNetwork(plan: SyntheticPlan): RoadNetwork {
  const key = JSON.stringify(plan);
  const network = built.get(key) ?? build(plan);
  built.set(key, network);
  return network;
}

function build({ code, center, radiusMiles }: SyntheticPlan): RoadNetwork {
  const city = planCity(code, radiusMiles);
  const size = city.lines.length;
  const corners = Array.from({ length: size * size }, (_, index) => cornerOf(index, size));
  const places = corners.map(({ column, row }) => city.bend(placeOf(city, column, row)));
  const perDegreeEast = METERS_PER_DEGREE * Math.cos((center.lat * Math.PI) / 180);
  const nodes = places.map(({ east, north }) => ({
    lat: center.lat + north / METERS_PER_DEGREE,
    lon: center.lon + east / perDegreeEast,
  }));
  const streets = [
    ...drawStreetNames(size, stream(0, 'streets', code)),
    ...Array.from({ length: size }, (_, avenue) => numberedAvenue(avenue + 1)),
    'Diagonal Blvd',
  ];
  const ground: Ground = { city, places, roads: { nodes, edges: [], streets, addresses: [] } };
  for (const corner of corners)
    for (const [right, up] of [
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const)
      layBlock(ground, corner, { column: corner.column + right, row: corner.row + up });
  const inside = keepNodes(ground.roads, (node) => isInside(city, corners[node], places[node]));
  return buildNetwork(keepLargestPart(inside).roads);
}

const cornerOf = (index: number, size: number): Corner => ({
  column: index % size,
  row: Math.floor(index / size),
});

const placeOf = ({ lines }: City, column: number, row: number): Meters => ({
  east: lines[column] ?? 0,
  north: lines[row] ?? 0,
});

/** In the circle, and on land or on a bridge. */
function isInside(city: City, corner: Corner | undefined, place: Meters | undefined): boolean {
  if (!corner || !place) return false;
  const far = place.east * place.east + place.north * place.north > (1.05 * city.radius) ** 2;
  const at = placeOf(city, corner.column, corner.row);
  const wet = city.rivers.some(
    ({ offset, bridges, along }) =>
      Math.abs(offset(at)) < RIVER_HALF_WIDTH && !bridges.has(along === 'east' ? corner.column : corner.row),
  );
  return !far && !wet;
}

/** The block between two corners, if it is built: its lanes in one or both directions, and its houses. */
function layBlock({ city, places, roads }: Ground, begin: Corner, end: Corner): void {
  const size = city.lines.length;
  const block = describeBlock(city, begin, end);
  const [from, to] = [begin.row * size + begin.column, end.row * size + end.column];
  const [start, stop] = [places[from], places[to]];
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
  /** The row or column that its street is. */
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

/** The diagonal is one line; only bridges lead over water; a park has streets on its rim alone. */
function isBuilt(city: City, begin: Corner, end: Corner, block: Block): boolean {
  const size = city.lines.length;
  if (end.column >= size || end.row >= size) return false;
  if (block.way === 'diagonal' && begin.column - begin.row !== city.diagonal) return false;
  const quiet = block.grade !== 'arterial';
  return !(quiet && (block.closed || isInPark(city, begin, end))) && !crossesWater(city, begin, end, block);
}

function crossesWater(city: City, begin: Corner, end: Corner, { way, line }: Block): boolean {
  const [from, to] = [placeOf(city, begin.column, begin.row), placeOf(city, end.column, end.row)];
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

/** Both directions of a block, or the one of a one-way street: even streets lead up, odd ones down. */
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
