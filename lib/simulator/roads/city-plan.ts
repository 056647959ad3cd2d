import { integer, type Source, stream } from '#lib/random.ts';
import { METERS_PER_MILE, type Meters } from './geometry.ts';
import { createNoise } from './noise.ts';

/** What makes one synthetic city differ from another, in meters from its middle; a function of its code alone. */
export type City = {
  /** Where the streets lie on each axis: dense in the middle, wider outside. */
  lines: number[];
  middle: number;
  radius: number;
  rivers: River[];
  parks: { column: number; row: number; width: number; height: number }[];
  /** Where the corner of two streets ends up when the city is bent and turned. */
  bend: (corner: Meters) => Meters;
  diagonal: number;
  draw: Source;
};

/** A river runs along one axis; `offset` says how far a point is beside its middle line. */
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

/** From 0 outwards: blocks of 130 m downtown, of up to 240 m at the rim. */
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

/** The middle stays where it is; elsewhere streets swing by some dozens of meters, and the whole is turned. */
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
