/**
 * A drivable network: nodes with coordinates in degrees, and directed edges in rows, those of node n from
 * `firstEdge[n]` to `firstEdge[n + 1]`. `street` indexes `streets`; `houseBase` is the first house number of an edge.
 */
export type RoadNetwork = {
  lat: Float64Array;
  lon: Float64Array;
  firstEdge: Uint32Array;
  target: Uint32Array;
  meters: Float64Array;
  seconds: Float64Array;
  street: Uint32Array;
  houseBase: Uint32Array;
  streets: string[];
};

export type Node = { lat: number; lon: number };
export type Edge = {
  from: number;
  to: number;
  meters: number;
  seconds: number;
  street: number;
  houseBase: number;
};

export const METERS_PER_DEGREE = 111_320;

/** Packs nodes and edges into a network. */
export function buildNetwork(nodes: Node[], edges: Edge[], streets: string[]): RoadNetwork {
  const sorted = edges.toSorted((one, other) => one.from - other.from || one.to - other.to);
  const firstEdge = new Uint32Array(nodes.length + 1);
  for (const { from } of sorted) firstEdge[from + 1] = (firstEdge[from + 1] ?? 0) + 1;
  for (let node = 0; node < nodes.length; node += 1)
    firstEdge[node + 1] = (firstEdge[node + 1] ?? 0) + (firstEdge[node] ?? 0);
  return {
    lat: Float64Array.from(nodes, (node) => node.lat),
    lon: Float64Array.from(nodes, (node) => node.lon),
    firstEdge,
    target: Uint32Array.from(sorted, (edge) => edge.to),
    meters: Float64Array.from(sorted, (edge) => edge.meters),
    seconds: Float64Array.from(sorted, (edge) => edge.seconds),
    street: Uint32Array.from(sorted, (edge) => edge.street),
    houseBase: Uint32Array.from(sorted, (edge) => edge.houseBase),
    streets,
  };
}

/** Meters between two points that are some kilometres apart at most, on a flat earth. */
export function distanceMeters(one: Node, other: Node): number {
  const north = (one.lat - other.lat) * METERS_PER_DEGREE;
  const east = (one.lon - other.lon) * METERS_PER_DEGREE * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}
