import { integer, type Source, stream } from '#lib/random.ts';
import { METERS_PER_MILE, type Meters } from '../geometry.ts';

/** The plan of a synthetic city, in meters from its center; a function of its code and radius. */
export type City = {
  /** The positions of the streets on each axis: dense in the center, wider outside. */
  lines: number[];
  /** The index of the line through the center. */
  middle: number;
  radius: number;
  rivers: River[];
  parks: { column: number; row: number; width: number; height: number }[];
  /** Where a street corner ends up when the grid is bent and rotated. */
  bend: (corner: Meters) => Meters;
  diagonal: number;
  draw: Source;
};

/** A river along one axis. `offset` is the signed distance of a point from its center line. */
export type River = { offset: (corner: Meters) => number; bridges: Set<number>; along: 'east' | 'north' };

export const ARTERIAL_EVERY = 5;
export const RIVER_HALF_WIDTH = 70;
const BRIDGE_SHARE = 0.6;

export function planCity(code: string, radiusMiles: number): City {
  const radius = radiusMiles * METERS_PER_MILE;
  const draw = stream(0, 'roads', code);
  const half = listLines(radius);
  const lines = [
    ...half
      .slice(1)
      .map((meters) => -meters)
      .reverse(),
    ...half,
  ];
  const middle = half.length - 1;
  const rivers = (['east', 'north'] as const)
    .slice(0, integer(draw, 1, 2))
    .map((along) => planRiver(along, radius, { draw, lines: lines.length, middle }));
  const parks = Array.from({ length: 3 }, () => ({
    column: integer(draw, 2, lines.length - 8),
    row: integer(draw, 2, lines.length - 8),
    width: integer(draw, 3, 6),
    height: integer(draw, 3, 5),
  }));
  const diagonal = integer(draw, 3, 6) * (draw() < 0.5 ? -1 : 1);
  return { lines, middle, radius, rivers, parks, bend: planBend(draw, radius), diagonal, draw };
}

export const isArterial = (line: number, { middle }: City) => (line - middle) % ARTERIAL_EVERY === 0;

/** From 0 outwards: blocks of 130 m in the center, up to 240 m at the edge. */
function listLines(radius: number): number[] {
  const lines = [0];
  for (let meters = 0; meters < radius; ) {
    meters += 130 + 110 * Math.min(1, meters / (0.7 * radius));
    lines.push(meters);
  }
  return lines;
}

function planRiver(
  along: River['along'],
  radius: number,
  { draw, lines, middle }: { draw: Source; lines: number; middle: number },
): River {
  const noise = createNoise(draw);
  const side = (0.22 + 0.2 * draw()) * radius * (draw() < 0.5 ? -1 : 1);
  const bridges = new Set([middle]);
  for (let line = middle % ARTERIAL_EVERY; line < lines; line += ARTERIAL_EVERY)
    if (draw() < BRIDGE_SHARE) bridges.add(line);
  return {
    along,
    bridges,
    offset: ({ east, north }) => {
      const [run, across] = along === 'east' ? [east, north] : [north, east];
      return across - side - 0.12 * radius * noise(run / (0.35 * radius), 0.5);
    },
  };
}

/** Shifts streets by up to some dozens of meters, but not in the center, and rotates the whole city. */
function planBend(draw: Source, radius: number): City['bend'] {
  const [eastward, northward] = [createNoise(draw), createNoise(draw)];
  const [turn, scale, swing] = [(draw() - 0.5) * 0.5, 1800, 170];
  const [cosine, sine] = [(1 - turn * turn) / (1 + turn * turn), (2 * turn) / (1 + turn * turn)];
  return ({ east, north }) => {
    const fade = Math.min(1, (east * east + north * north) / (0.04 * radius * radius));
    const x = east + fade * swing * eastward(east / scale, north / scale);
    const y = north + fade * swing * northward(east / scale, north / scale);
    return { east: x * cosine - y * sine, north: x * sine + y * cosine };
  };
}

const LATTICE_SIZE = 32;

/**
 * Creates smooth noise over the plane, from -1 to 1: random values on a lattice, interpolated with sums and products
 * only, so that every machine computes the same bits. It repeats after 32 lattice points.
 */
function createNoise(source: Source): (x: number, y: number) => number {
  const lattice = Float64Array.from({ length: LATTICE_SIZE * LATTICE_SIZE }, () => 2 * source() - 1);
  const at = (x: number, y: number) =>
    lattice[(y & (LATTICE_SIZE - 1)) * LATTICE_SIZE + (x & (LATTICE_SIZE - 1))] ?? 0;
  return (x, y) => {
    const [left, below] = [Math.floor(x), Math.floor(y)];
    const [right, up] = [ease(x - left), ease(y - below)];
    const low = blend(at(left, below), at(left + 1, below), right);
    return blend(low, blend(at(left, below + 1), at(left + 1, below + 1), right), up);
  };
}

const ease = (share: number) => share * share * (3 - 2 * share);
const blend = (from: number, to: number, share: number) => from + (to - from) * share;
