import type { LatLon } from './geometry.ts';

/**
 * A drivable road network as a directed graph in compressed rows: the edges that leave node n are those from
 * `firstEdge[n]` to `firstEdge[n + 1]`. Coordinates are degrees; `seconds` is the time without traffic; `street`
 * indexes `streets`.
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

/** Street addresses in columns. Each is at a share of the length of an edge; `street` indexes `streets`. */
export type Addresses = { edge: Uint32Array; share: Float64Array; number: string[]; street: Uint32Array };

export type Edge = { from: number; to: number; meters: number; seconds: number; street: number };

/** An address before the edges are numbered: at a share of the way between two nodes. */
export type Address = { from: number; to: number; share: number; number: string; street: number };

/** Roads while they are being built. */
export type Roads = { nodes: LatLon[]; edges: Edge[]; streets: string[]; addresses: Address[] };

/**
 * Packs roads into a network. Times are rounded to milliseconds and coordinates to a millionth of a degree, so that a
 * network read from its file is the same as one just built. Addresses without an edge are omitted.
 */
export function buildNetwork({ nodes, edges, streets, addresses }: Roads): RoadNetwork {
  const sorted = edges.toSorted((one, other) => one.from - other.from || one.to - other.to);
  const seconds = Float64Array.from(sorted, (edge) => Math.max(1, Math.round(edge.seconds * 1000)) / 1000);
  const network = {
    lat: Float64Array.from(nodes, (node) => Math.round(node.lat * 1e6) / 1e6),
    lon: Float64Array.from(nodes, (node) => Math.round(node.lon * 1e6) / 1e6),
    firstEdge: indexEdges(
      nodes.length,
      sorted.map(({ from }) => from),
    ),
    target: Uint32Array.from(sorted, (edge) => edge.to),
    seconds,
    street: Uint32Array.from(sorted, (edge) => edge.street),
    streets,
  };
  return { ...network, addresses: placeAddresses(network, addresses) };
}

/** The index of the first edge of each node, given the node where each edge begins; the last entry is the number of edges. */
export function indexEdges(nodes: number, origins: readonly number[]): Uint32Array {
  const firstEdge = new Uint32Array(nodes + 1);
  for (const from of origins) firstEdge[from + 1] = (firstEdge[from + 1] ?? 0) + 1;
  for (let node = 0; node < nodes; node += 1)
    firstEdge[node + 1] = (firstEdge[node + 1] ?? 0) + (firstEdge[node] ?? 0);
  return firstEdge;
}

/** The node where each edge begins. */
export function listEdgeOrigins({
  firstEdge,
  target,
}: Pick<RoadNetwork, 'firstEdge' | 'target'>): Uint32Array {
  const origins = new Uint32Array(target.length);
  for (let node = 0; node + 1 < firstEdge.length; node += 1)
    origins.fill(node, firstEdge[node] ?? 0, firstEdge[node + 1] ?? 0);
  return origins;
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
