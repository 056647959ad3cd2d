import type { Node } from '../geometry.ts';
import type { Extract, OsmElement } from './elements.ts';
import { type RoadWay, readRoadWay } from './road-way.ts';

/** A house that an extract names, and where it stands: at a node, or in the middle of a building's outline. */
export type House = Node & { number: string; street: string };

/** The roads and houses of an extract, and the coordinates of all nodes that they name and that it holds. */
export type Collected = {
  ways: (RoadWay & { refs: number[] })[];
  houses: House[];
  places: Map<number, Node>;
};

type Outline = { refs: number[]; number: string; street: string };

/**
 * Goes through an extract twice: first for ways and houses, then for the coordinates of the nodes that those need.
 * What it keeps grows with the roads, not with the extract.
 */
export async function collect(extract: Extract): Promise<Collected> {
  const ways: Collected['ways'] = [];
  const houses: House[] = [];
  const outlines: Outline[] = [];
  const take = (element: OsmElement) => {
    const house = readHouse(element);
    if (house && element.type === 'node') houses.push({ ...house, lat: element.lat, lon: element.lon });
    if (element.type !== 'way') return;
    if (house) outlines.push({ ...house, refs: element.refs });
    const way = readRoadWay(element.tags ?? {});
    if (way) ways.push({ ...way, refs: element.refs });
  };
  for await (const batch of extract.read()) for (const element of batch) take(element);
  const places = await locate(extract, new Set([...ways, ...outlines].flatMap(({ refs }) => refs)));
  return { ways, houses: [...houses, ...outlines.flatMap((outline) => place(outline, places))], places };
}

function readHouse({ tags }: OsmElement): { number: string; street: string } | undefined {
  const [number, street] = [tags?.['addr:housenumber']?.trim(), tags?.['addr:street']?.trim()];
  return number && street ? { number, street } : undefined;
}

async function locate(extract: Extract, wanted: Set<number>): Promise<Map<number, Node>> {
  const places = new Map<number, Node>();
  const take = (element: OsmElement) => {
    if (element.type === 'node' && wanted.has(element.id))
      places.set(element.id, { lat: element.lat, lon: element.lon });
  };
  for await (const batch of extract.read()) for (const element of batch) take(element);
  return places;
}

/** The middle of the corners that the extract holds; an outline with none of them stands nowhere. */
function place({ refs, number, street }: Outline, places: Map<number, Node>): House[] {
  const corners = [...new Set(refs)].flatMap((ref) => places.get(ref) ?? []);
  if (corners.length === 0) return [];
  const lat = corners.reduce((sum, corner) => sum + corner.lat, 0) / corners.length;
  const lon = corners.reduce((sum, corner) => sum + corner.lon, 0) / corners.length;
  return [{ lat, lon, number, street }];
}
