import { distanceMeters, type LatLon } from '../geometry.ts';
import type { Edge, Roads } from '../network.ts';
import type { Extract } from './open-extract.ts';
import type { OsmElement } from './osm-element.ts';
import { type RoadWay, readRoadWay } from './road-way.ts';

/** A house with an address: a node, or the middle of a building's outline. */
export type House = LatLon & { number: string; street: string };

type Way = RoadWay & { refs: number[] };
type Outline = { refs: number[]; number: string; street: string };
/** What an element is on the map, with the version that says so. */
type Found = { version: number | undefined; way?: Way | undefined; outline?: Outline; house?: House };

/**
 * Collects the roads and houses of an extract. It reads the extract twice, first for ways and houses, then for the
 * coordinates of the nodes that they reference, so that memory grows with the roads, not with the extract.
 */
export async function collectRoads(
  extract: Extract,
): Promise<{ roads: Roads; houses: House[]; wayCount: number }> {
  const found = { node: new Map<number, Found>(), way: new Map<number, Found>() };
  for await (const batch of extract.read())
    for (const element of batch) collect(found[element.type], element);
  const onMap = [...found.node.values(), ...found.way.values()];
  const ways = onMap.flatMap(({ way }) => way ?? []);
  const outlines = onMap.flatMap(({ outline }) => outline ?? []);
  const coordinates = await readCoordinates(
    extract,
    new Set([...ways, ...outlines].flatMap(({ refs }) => refs)),
  );
  return {
    roads: buildRoads(ways, coordinates),
    houses: [
      ...onMap.flatMap(({ house }) => house ?? []),
      ...outlines.flatMap((outline) => locateOutline(outline, coordinates)),
    ],
    wayCount: ways.length,
  };
}

/**
 * Keeps an element that is a road or has an address. Overpass may print one twice, the second time without its tags, so
 * only a higher version replaces what is known; a history has all versions in their order, the deletion as one of them.
 */
function collect(found: Map<number, Found>, element: OsmElement): void {
  const { id, version, deleted } = element;
  const known = found.get(id);
  if (known && !(version !== undefined && known.version !== undefined && version > known.version)) return;
  found.delete(id);
  if (deleted) return;
  const address = readHouse(element);
  if (element.type === 'node') {
    if (address) found.set(id, { version, house: { ...address, lat: element.lat, lon: element.lon } });
    return;
  }
  const { refs } = element;
  const road = readRoadWay(element.tags ?? {});
  if (road || address)
    found.set(id, {
      version,
      way: road && { ...road, refs },
      ...(address && { outline: { ...address, refs } }),
    });
}

function readHouse({ tags }: OsmElement): { number: string; street: string } | undefined {
  const [number, street] = [tags?.['addr:housenumber']?.trim(), tags?.['addr:street']?.trim()];
  return number && street ? { number, street } : undefined;
}

async function readCoordinates(extract: Extract, ids: Set<number>): Promise<Map<number, LatLon>> {
  const coordinates = new Map<number, LatLon>();
  const locate = (element: OsmElement) => {
    if (element.type !== 'node' || !ids.has(element.id)) return;
    if (element.deleted) coordinates.delete(element.id);
    else coordinates.set(element.id, { lat: element.lat, lon: element.lon });
  };
  for await (const batch of extract.read()) for (const element of batch) locate(element);
  return coordinates;
}

/** The middle of the corners that are in the extract; an outline without any is omitted. */
function locateOutline({ refs, number, street }: Outline, coordinates: Map<number, LatLon>): House[] {
  const corners = [...new Set(refs)].flatMap((ref) => coordinates.get(ref) ?? []);
  if (corners.length === 0) return [];
  const lat = corners.reduce((sum, corner) => sum + corner.lat, 0) / corners.length;
  const lon = corners.reduce((sum, corner) => sum + corner.lon, 0) / corners.length;
  return [{ lat, lon, number, street }];
}

/** Makes one node of each point of the ways, with edges between them. Points missing from the extract split a way. */
function buildRoads(ways: Way[], coordinates: Map<number, LatLon>): Roads {
  const nodeIndex = new Map<number, number>();
  const nodes: LatLon[] = [];
  const streets = new Map([['', 0]]);
  const nodeOf = (ref: number): number | undefined => {
    const point = coordinates.get(ref);
    if (!point) return undefined;
    const index = nodeIndex.get(ref) ?? nodes.push(point) - 1;
    nodeIndex.set(ref, index);
    return index;
  };
  const edges = ways.flatMap((way) => {
    const street = streets.get(way.name) ?? streets.size;
    streets.set(way.name, street);
    return way.refs.slice(1).flatMap((ref, index): Edge[] => {
      const [from, to] = [nodeOf(way.refs[index] ?? 0), nodeOf(ref)];
      const [start, end] = [nodes[from ?? -1], nodes[to ?? -1]];
      if (from === undefined || to === undefined || from === to || !start || !end) return [];
      const meters = distanceMeters(start, end);
      const edge = { from, to, meters, seconds: meters / (way.kmh / 3.6), street };
      const reverse = { ...edge, from: to, to: from };
      return [...(way.forward ? [edge] : []), ...(way.backward ? [reverse] : [])];
    });
  });
  return { nodes, edges, streets: [...streets.keys()], addresses: [] };
}
