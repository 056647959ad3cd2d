import { type Source, stream } from '#lib/random.ts';
import {
  buildNetwork,
  distanceMeters,
  type Edge,
  METERS_PER_DEGREE,
  type Node,
  type RoadNetwork,
} from './network.ts';
import { drawStreetNames, numberedAvenue } from './street-names.ts';

const BLOCK_METERS = 200;
const METERS_PER_MILE = 1609.344;
const CLOSED_SHARE = 0.08;

export type GridPlan = { code: string; center: Node; radiusMiles: number; mph: number };
type Grid = { size: number; nodes: Node[]; mph: number; draw: Source };

/**
 * A street grid around a kitchen, the same for the same code: blocks of 200 m that are not quite even, every
 * fourth street faster, some side streets closed. @returns the network and the kitchen's node in its middle.
 */
export function buildGrid({ code, center, radiusMiles, mph }: GridPlan): {
  network: RoadNetwork;
  origin: number;
} {
  const reach = Math.ceil((radiusMiles * METERS_PER_MILE) / BLOCK_METERS);
  const size = 2 * reach + 1;
  const draw = stream(0, 'roads', code);
  const origin = reach * size + reach;
  const nodes = Array.from({ length: size * size }, (_, index) =>
    index === origin
      ? round(center)
      : placeNode(center, (index % size) - reach, Math.floor(index / size) - reach, draw),
  );
  const streets = [
    ...drawStreetNames(size, draw),
    ...Array.from({ length: size }, (_, avenue) => numberedAvenue(avenue + 1)),
  ];
  const grid = { size, nodes, mph, draw };
  const edges = nodes.flatMap((_, index) => [
    ...layBlock(grid, index, 'east'),
    ...layBlock(grid, index, 'north'),
  ]);
  return { network: buildNetwork(nodes, edges, streets), origin };
}

function placeNode(center: Node, east: number, north: number, draw: Source): Node {
  const wobble = () => (draw() - 0.5) * 0.3;
  const meters = BLOCK_METERS / METERS_PER_DEGREE;
  return round({
    lat: center.lat + (north + wobble()) * meters,
    lon: center.lon + ((east + wobble()) * meters) / Math.cos((center.lat * Math.PI) / 180),
  });
}

/** The block from a node to its neighbour, in both directions; nothing at the grid's rim or where it is closed. */
function layBlock({ size, nodes, mph, draw }: Grid, from: number, way: 'east' | 'north'): Edge[] {
  const [column, row] = [from % size, Math.floor(from / size)];
  const [along, across] = way === 'east' ? [column, row] : [row, column];
  const arterial = (across - (size - 1) / 2) % 4 === 0;
  const closed = draw() < CLOSED_SHARE && !arterial;
  const to = way === 'east' ? from + 1 : from + size;
  const [start, end] = [nodes[from], nodes[to]];
  if (closed || along === size - 1 || !start || !end) return [];
  const meters = distanceMeters(start, end);
  const seconds = (meters / METERS_PER_MILE / (mph * (arterial ? 1.15 : 0.8))) * 3600;
  const edge = { meters, seconds, street: way === 'east' ? across : size + across, houseBase: along * 100 };
  return [
    { ...edge, from, to },
    { ...edge, from: to, to: from },
  ];
}

function round({ lat, lon }: Node): Node {
  return { lat: Math.round(lat * 1e6) / 1e6, lon: Math.round(lon * 1e6) / 1e6 };
}
