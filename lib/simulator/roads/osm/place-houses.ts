import { type Meters, nearestOnLine, projectAround } from '../geometry.ts';
import type { Address, Edge, Roads } from '../network.ts';
import type { House } from './collect.ts';

const CELL_METERS = 150;
/** A house belongs to a road of its street's name within the first distance, to any other within the second. */
const REACH_METERS = { named: 150, other: 60 };
const NEIGHBOURS = [-1, 0, 1].flatMap((east) => [-1, 0, 1].map((north) => [east, north] as const));

/** Puts houses at the nearest road, of their street's name where it is near; a house far from all roads is left out. */
export function placeHouses(roads: Roads, houses: House[]): Roads {
  const project = projectAround(roads.nodes[0] ?? { lat: 0, lon: 0 });
  const places = roads.nodes.map(project);
  const cells = fillCells(roads.edges, places);
  const streets = new Map(roads.streets.map((name, index) => [normalize(name), index]));
  const names = [...roads.streets];
  const streetOf = (name: string): number => {
    const known = streets.get(normalize(name)) ?? names.push(name) - 1;
    streets.set(normalize(name), known);
    return known;
  };
  const addresses = houses.flatMap((house): Address[] => {
    const at = project(house);
    const near = NEIGHBOURS.flatMap(([east, north]) => cells.get(cellOf(at, east, north)) ?? []);
    const street = streetOf(house.street);
    const found = findRoad(near, { at, places, street });
    return found ? [{ ...found, number: house.number, street }] : [];
  });
  return { ...roads, streets: names, addresses };
}

const normalize = (name: string) => name.toLowerCase().replace(/\s+/g, ' ').trim();
const cellOf = ({ east, north }: Meters, right = 0, up = 0) =>
  `${Math.floor(east / CELL_METERS) + right} ${Math.floor(north / CELL_METERS) + up}`;

/** Which edges pass through which cell, by walking each in steps of half a cell. */
function fillCells(edges: Edge[], places: Meters[]): Map<string, Edge[]> {
  const cells = new Map<string, Edge[]>();
  for (const edge of edges) {
    const [from, to] = [places[edge.from], places[edge.to]];
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

type Search = { at: Meters; places: Meters[]; street: number };

function findRoad(
  near: Edge[],
  { at, places, street }: Search,
): Pick<Address, 'from' | 'to' | 'share'> | undefined {
  const origin = { east: 0, north: 0 };
  const ranked = near
    .map((edge) => ({
      edge,
      named: edge.street === street,
      ...nearestOnLine(at, places[edge.from] ?? origin, places[edge.to] ?? origin),
    }))
    .filter(({ named, meters }) => meters <= (named ? REACH_METERS.named : REACH_METERS.other));
  const best = ranked.sort(
    (one, other) => Number(other.named) - Number(one.named) || one.meters - other.meters,
  )[0];
  return best && { from: best.edge.from, to: best.edge.to, share: best.share };
}
