import { keepNodes } from './components.ts';
import { type Meters, nearestOnLine, projectAround } from './geometry.ts';
import type { Edge, Roads } from './network.ts';

/** A point between two junctions is removed if the road without it passes within this many meters of it. */
const TOLERANCE_METERS = 8;

/**
 * Removes the points between junctions that the shape of a road does not need (Douglas–Peucker). Lengths and times do
 * not change, and both directions of a road keep the same points.
 */
export function simplify(roads: Roads): Roads {
  const outgoing = listOutgoing(roads);
  const inner = findInner(roads, outgoing);
  const project = projectAround(roads.nodes[0] ?? { lat: 0, lon: 0 });
  const projected = roads.nodes.map(project);
  const kept = inner.map((isInner) => !isInner);
  const decided = [...kept];
  const edges: Edge[] = [];
  for (const edge of roads.edges) {
    if (inner[edge.from]) continue;
    const chain = followChain(edge, outgoing, inner);
    const nodes = [edge.from, ...chain.map(({ to }) => to)];
    if (nodes.some((node) => !decided[node])) keepShape(nodes, projected, kept);
    for (const node of nodes) decided[node] = true;
    edges.push(...mergeChain(chain, kept));
  }
  return keepNodes({ ...roads, edges, addresses: [] }, (node) => kept[node] === true);
}

function listOutgoing({ nodes, edges }: Roads): Edge[][] {
  const outgoing: Edge[][] = nodes.map(() => []);
  for (const edge of edges) outgoing[edge.from]?.push(edge);
  return outgoing;
}

/** The nodes inside a road: one road of one name passes through, in one or both directions, and no other joins it. */
function findInner({ nodes, edges }: Roads, outgoing: Edge[][]): boolean[] {
  const incoming: Edge[][] = nodes.map(() => []);
  for (const edge of edges) incoming[edge.to]?.push(edge);
  return nodes.map((_, node) => {
    const [out, into] = [outgoing[node] ?? [], incoming[node] ?? []];
    if (out.length !== into.length || out.length > 2 || out.length === 0) return false;
    const all = [...out.map((edge) => edge.to), ...into.map((edge) => edge.from)];
    const sameStreet = [...out, ...into].every((edge) => edge.street === out[0]?.street);
    return sameStreet && new Set(all).size === 2 && !all.includes(node) && isPassed(out, into);
  });
}

/** A one-way road continues to a different node than it came from; a two-way road has both directions on both sides. */
function isPassed(out: Edge[], into: Edge[]): boolean {
  return out.length === 1 || new Set(out.map((edge) => edge.to)).size === 2
    ? into.every((edge) => out.some((next) => next.to !== edge.from))
    : false;
}

function followChain(first: Edge, outgoing: Edge[][], inner: boolean[]): Edge[] {
  const chain = [first];
  for (let edge = first; inner[edge.to]; ) {
    const next = outgoing[edge.to]?.find(({ to }) => to !== edge.from);
    if (!next || chain.length > outgoing.length) break;
    chain.push(next);
    edge = next;
  }
  return chain;
}

function keepShape(nodes: number[], projected: Meters[], kept: boolean[]): void {
  const spans: [number, number][] = [[0, nodes.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [begin, end] = span;
    const farthest = findFarthest(nodes, projected, begin, end);
    if (farthest === undefined) continue;
    kept[nodes[farthest] ?? 0] = true;
    spans.push([begin, farthest], [farthest, end]);
  }
}

function findFarthest(nodes: number[], projected: Meters[], begin: number, end: number): number | undefined {
  const at = (index: number): Meters => projected[nodes[index] ?? 0] ?? { east: 0, north: 0 };
  let [found, worst]: [number | undefined, number] = [undefined, TOLERANCE_METERS];
  for (let index = begin + 1; index < end; index += 1) {
    const { meters } = nearestOnLine(at(index), at(begin), at(end));
    if (meters > worst) [found, worst] = [index, meters];
  }
  return found;
}

/** The edges of a chain, merged where the node between them is removed. A loop to its own start is dropped. */
function mergeChain(chain: Edge[], kept: boolean[]): Edge[] {
  const merged: Edge[] = [];
  let open: Edge | undefined;
  for (const edge of chain) {
    open = open
      ? { ...open, to: edge.to, meters: open.meters + edge.meters, seconds: open.seconds + edge.seconds }
      : edge;
    if (!kept[edge.to]) continue;
    if (open.from !== open.to) merged.push(open);
    open = undefined;
  }
  return merged;
}
