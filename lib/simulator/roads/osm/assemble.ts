import { distanceMeters, type Node } from '../geometry.ts';
import type { Edge, Roads } from '../network.ts';
import type { Collected } from './collect.ts';

/** Makes one node of each point of the ways and edges between them; points that the extract cut off part a way. */
export function assemble({ ways, places }: Collected): Roads {
  const number = new Map<number, number>();
  const nodes: Node[] = [];
  const streets = new Map([['', 0]]);
  const nodeOf = (ref: number): number | undefined => {
    const place = places.get(ref);
    if (!place) return undefined;
    const known = number.get(ref) ?? nodes.push(place) - 1;
    number.set(ref, known);
    return known;
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
      const back = { ...edge, from: to, to: from };
      return [...(way.forward ? [edge] : []), ...(way.backward ? [back] : [])];
    });
  });
  return { nodes, edges, streets: [...streets.keys()], addresses: [] };
}
