import type { Node } from './geometry.ts';

/**
 * A drivable network: nodes with coordinates in degrees, and directed edges in rows, those of node n from
 * `firstEdge[n]` to `firstEdge[n + 1]`. `street` indexes `streets`. `seconds` is free traffic.
 */
export type RoadNetwork = {
  lat: Float64Array;
  lon: Float64Array;
  firstEdge: Uint32Array;
  target: Uint32Array;
  seconds: Float64Array;
  street: Uint32Array;
  streets: string[];
  addresses: Addresses;
};

/** Front doors in columns: each lies at a share of the way along an edge. `street` indexes `streets`. */
export type Addresses = { edge: Uint32Array; share: Float64Array; number: string[]; street: Uint32Array };

export type Edge = { from: number; to: number; meters: number; seconds: number; street: number };

/** An address before the edges are in rows: between two nodes. */
export type Address = { from: number; to: number; share: number; number: string; street: number };

export type Roads = { nodes: Node[]; edges: Edge[]; streets: string[]; addresses: Address[] };

/**
 * Packs roads into a network. Times are kept to the millisecond and coordinates to a millionth of a degree, so
 * that a network is the same when it comes from its file. An address without its edge is left out.
 */
export function buildNetwork({ nodes, edges, streets, addresses }: Roads): RoadNetwork {
  const sorted = edges.toSorted((one, other) => one.from - other.from || one.to - other.to);
  const firstEdge = new Uint32Array(nodes.length + 1);
  for (const { from } of sorted) firstEdge[from + 1] = (firstEdge[from + 1] ?? 0) + 1;
  for (let node = 0; node < nodes.length; node += 1)
    firstEdge[node + 1] = (firstEdge[node + 1] ?? 0) + (firstEdge[node] ?? 0);
  const seconds = Float64Array.from(sorted, (edge) => Math.max(1, Math.round(edge.seconds * 1000)) / 1000);
  const network = {
    lat: Float64Array.from(nodes, (node) => Math.round(node.lat * 1e6) / 1e6),
    lon: Float64Array.from(nodes, (node) => Math.round(node.lon * 1e6) / 1e6),
    firstEdge,
    target: Uint32Array.from(sorted, (edge) => edge.to),
    seconds,
    street: Uint32Array.from(sorted, (edge) => edge.street),
    streets,
  };
  return { ...network, addresses: placeAddresses(network, addresses) };
}

/** The fastest edge between two nodes, or -1. */
export function findEdge(
  { firstEdge, target, seconds }: Pick<RoadNetwork, 'firstEdge' | 'target' | 'seconds'>,
  from: number,
  to: number,
): number {
  let found = -1;
  for (let edge = firstEdge[from] ?? 0; edge < (firstEdge[from + 1] ?? 0); edge += 1)
    if (target[edge] === to && (found < 0 || (seconds[edge] ?? 0) < (seconds[found] ?? 0))) found = edge;
  return found;
}

function placeAddresses(
  network: Pick<RoadNetwork, 'firstEdge' | 'target' | 'seconds'>,
  addresses: Address[],
): Addresses {
  const placed = addresses
    .map((address) => ({ ...address, edge: findEdge(network, address.from, address.to) }))
    .filter(({ edge }) => edge >= 0);
  return {
    edge: Uint32Array.from(placed, ({ edge }) => edge),
    share: Float64Array.from(placed, ({ share }) => Math.round(share * 1000) / 1000),
    number: placed.map(({ number }) => number),
    street: Uint32Array.from(placed, ({ street }) => street),
  };
}
