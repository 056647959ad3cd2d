import type { Address, Edge, Roads } from './network.ts';

/** How much of some roads hangs together: the nodes in the largest part and in all, and how many parts there are. */
export type Connection = { kept: number; nodes: number; parts: number };

/**
 * Keeps the largest part of some roads in which every node can be driven to from every other one (the largest
 * strongly connected component), after Tarjan, without recursion.
 */
export function keepLargestPart(roads: Roads): { roads: Roads; connection: Connection } {
  const { partOf, parts } = findParts(roads.nodes.length, roads.edges);
  const sizes = new Uint32Array(parts);
  for (const part of partOf) sizes[part] = (sizes[part] ?? 0) + 1;
  const largest = sizes.reduce((best, size, part) => (size > (sizes[best] ?? 0) ? part : best), 0);
  const kept = keepNodes(roads, (node) => partOf[node] === largest);
  return { roads: kept, connection: { kept: kept.nodes.length, nodes: roads.nodes.length, parts } };
}

/** The roads between the nodes that `holds` holds for, numbered anew. */
export function keepNodes(roads: Roads, holds: (node: number) => boolean): Roads {
  const number = new Int32Array(roads.nodes.length).fill(-1);
  const nodes = roads.nodes.filter((_, node) => holds(node));
  let next = 0;
  for (const node of roads.nodes.keys()) if (holds(node)) number[node] = next++;
  const between = <Row extends Edge | Address>(rows: Row[]): Row[] =>
    rows
      .map((row) => ({ ...row, from: number[row.from] ?? -1, to: number[row.to] ?? -1 }))
      .filter((row) => row.from >= 0 && row.to >= 0);
  return { ...roads, nodes, edges: between(roads.edges), addresses: between(roads.addresses) };
}

function findParts(count: number, edges: Edge[]): { partOf: Int32Array; parts: number } {
  const { first, target } = listTargets(count, edges);
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const partOf = new Int32Array(count).fill(-1);
  const cursor = first.slice();
  const open: number[] = [];
  let [visited, parts] = [0, 0];
  const enter = (node: number) => {
    order[node] = low[node] = visited++;
    open.push(node);
    return node;
  };
  const closePart = (root: number) => {
    for (let node = open.pop(); node !== undefined; node = node === root ? undefined : open.pop())
      partOf[node] = parts;
    parts += 1;
  };
  const step = (node: number): number | undefined => {
    for (let at = cursor[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
      const next = target[at] ?? 0;
      cursor[node] = at + 1;
      if (order[next] === -1) return next;
      if (partOf[next] === -1) low[node] = Math.min(low[node] ?? 0, order[next] ?? 0);
    }
    if (low[node] === order[node]) closePart(node);
    return undefined;
  };
  for (let root = 0; root < count; root += 1) if (order[root] === -1) walk(enter(root), { step, enter, low });
  return { partOf, parts };
}

type Walk = { step: (node: number) => number | undefined; enter: (node: number) => number; low: Int32Array };

/** Goes through all that can be reached from a root, deepest first, carrying each node's low mark upwards. */
function walk(root: number, { step, enter, low }: Walk): void {
  const path = [root];
  const leave = (node: number) => {
    path.pop();
    const above = path.at(-1);
    if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
  };
  for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
    const next = step(node);
    if (next === undefined) leave(node);
    else path.push(enter(next));
  }
}

function listTargets(count: number, edges: Edge[]): { first: Uint32Array; target: Uint32Array } {
  const first = new Uint32Array(count + 1);
  for (const { from } of edges) first[from + 1] = (first[from + 1] ?? 0) + 1;
  for (let node = 0; node < count; node += 1) first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  const target = new Uint32Array(edges.length);
  const place = first.slice();
  for (const { from, to } of edges) {
    const at = place[from] ?? 0;
    target[at] = to;
    place[from] = at + 1;
  }
  return { first, target };
}
