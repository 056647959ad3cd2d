import { type Meters, nearestOnLine, projectAround } from '../geometry.ts';
import type { Address, Edge, Roads } from '../network.ts';
import type { House } from './collect-roads.ts';

const CELL_METERS = 150;
/** A house belongs to a road with the name of its street within the first distance, to any other within the second. */
const MAX_DISTANCE_METERS = { named: 150, other: 60 };
const NEIGHBOR_CELLS = [-1, 0, 1].flatMap((east) => [-1, 0, 1].map((north) => [east, north] as const));

/** Attaches houses to the nearest road, preferably of their street's name. A house far from all roads is omitted. */
export function attachHouses(roads: Roads, houses: House[]): Roads {
  const project = projectAround(roads.nodes[0] ?? { lat: 0, lon: 0 });
  const nodes = roads.nodes.map(project);
  const cells = indexByCell(roads.edges, nodes);
  const streets = new Map(roads.streets.map((name, index) => [normalize(name), index]));
  const names = [...roads.streets];
  const streetOf = (name: string): number => {
    const known = streets.get(normalize(name)) ?? names.push(name) - 1;
    streets.set(normalize(name), known);
    return known;
  };
  const addresses = houses.flatMap((house): Address[] => {
    const at = project(house);
    const near = NEIGHBOR_CELLS.flatMap(([east, north]) => cells.get(cellOf(at, east, north)) ?? []);
    const street = streetOf(house.street);
    const found = findNearestRoad(near, { at, nodes, street });
    return found ? [{ ...found, number: house.number, street }] : [];
  });
  return { ...roads, streets: names, addresses };
}

const normalize = (name: string) => name.toLowerCase().replace(/\s+/g, ' ').trim();
const cellOf = ({ east, north }: Meters, right = 0, up = 0) =>
  `${Math.floor(east / CELL_METERS) + right} ${Math.floor(north / CELL_METERS) + up}`;

/** The edges that pass through each cell, found by sampling every edge in steps of half a cell. */
function indexByCell(edges: Edge[], nodes: Meters[]): Map<string, Edge[]> {
  const cells = new Map<string, Edge[]>();
  for (const edge of edges) {
    const [from, to] = [nodes[edge.from], nodes[edge.to]];
    if (!from || !to) continue;
    const steps = Math.ceil(edge.meters / (CELL_METERS / 2)) + 1;
    const passed = Array.from({ length: steps + 1 }, (_, step) =>
      cellOf({
        east: from.east + ((to.east - from.east) * step) / steps,
        north: from.north + ((to.north - from.north) * step) / steps,
      }),
    );
    for (const cell of new Set(passed)) cells.set(cell, [...(cells.get(cell) ?? []), edge]);
  }
  return cells;
}

function findNearestRoad(
  near: Edge[],
  { at, nodes, street }: { at: Meters; nodes: Meters[]; street: number },
): Pick<Address, 'from' | 'to' | 'share'> | undefined {
  const origin = { east: 0, north: 0 };
  const ranked = near
    .map((edge) => ({
      edge,
      named: edge.street === street,
      ...nearestOnLine(at, nodes[edge.from] ?? origin, nodes[edge.to] ?? origin),
    }))
    .filter(({ named, meters }) => meters <= (named ? MAX_DISTANCE_METERS.named : MAX_DISTANCE_METERS.other));
  const best = ranked.sort(
    (one, other) => Number(other.named) - Number(one.named) || one.meters - other.meters,
  )[0];
  return best && { from: best.edge.from, to: best.edge.to, share: best.share };
}

const METERS_PER_HOUSE = 25;

/** Generates house numbers, one every 25 meters, for the named streets without a known address. */
export function generateHouseNumbers(roads: Roads): Roads {
  const known = new Set(roads.addresses.map(({ street }) => street));
  const nextNumber = new Map<number, number>();
  const generated: Address[] = [];
  const lanes = new Set(roads.edges.map(({ from, to }) => `${from} ${to}`));
  for (const { from, to, meters, street } of roads.edges) {
    const isReverseLane = from > to && lanes.has(`${to} ${from}`);
    if (isReverseLane || known.has(street) || !roads.streets[street]) continue;
    const count = Math.floor(meters / METERS_PER_HOUSE);
    const first = nextNumber.get(street) ?? 1;
    nextNumber.set(street, first + count);
    for (let house = 0; house < count; house += 1)
      generated.push({ from, to, street, share: (house + 0.5) / count, number: String(first + house) });
  }
  return { ...roads, addresses: [...roads.addresses, ...generated] };
}
