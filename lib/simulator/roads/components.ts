import { type Address, type Edge, indexEdges, type Roads } from './network.ts';

/** How connected some roads are: the nodes in the largest component and in all, and the number of components. */
export type Connectivity = { kept: number; nodes: number; components: number };

/**
 * Keeps the largest strongly connected component: the largest set of nodes in which every node can be reached from
 * every other one.
 */
export function keepLargestComponent(roads: Roads): { roads: Roads; connectivity: Connectivity } {
  const { componentOf, components } = findComponents(roads.nodes.length, roads.edges);
  const sizes = new Uint32Array(components);
  for (const component of componentOf) sizes[component] = (sizes[component] ?? 0) + 1;
  const largest = sizes.reduce((best, size, component) => (size > (sizes[best] ?? 0) ? component : best), 0);
  const kept = keepNodes(roads, (node) => componentOf[node] === largest);
  return {
    roads: kept,
    connectivity: { kept: kept.nodes.length, nodes: roads.nodes.length, components },
  };
}

/** Removes all other nodes, with their edges and addresses, and renumbers the rest. */
export function keepNodes(roads: Roads, isKept: (node: number) => boolean): Roads {
  const number = new Int32Array(roads.nodes.length).fill(-1);
  const nodes = roads.nodes.filter((_, node) => isKept(node));
  let next = 0;
  for (const node of roads.nodes.keys()) if (isKept(node)) number[node] = next++;
  const between = <Row extends Edge | Address>(rows: Row[]): Row[] =>
    rows
      .map((row) => ({ ...row, from: number[row.from] ?? -1, to: number[row.to] ?? -1 }))
      .filter((row) => row.from >= 0 && row.to >= 0);
  return { ...roads, nodes, edges: between(roads.edges), addresses: between(roads.addresses) };
}

/** Tarjan's algorithm, without recursion. */
function findComponents(count: number, edges: Edge[]): { componentOf: Int32Array; components: number } {
  const { first, target } = listTargets(count, edges);
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const componentOf = new Int32Array(count).fill(-1);
  const cursor = first.slice();
  const open: number[] = [];
  let [visited, components] = [0, 0];
  const enter = (node: number) => {
    order[node] = low[node] = visited++;
    open.push(node);
    return node;
  };
  const closeComponent = (root: number) => {
    for (let node = open.pop(); node !== undefined; node = node === root ? undefined : open.pop())
      componentOf[node] = components;
    components += 1;
  };
  const step = (node: number): number | undefined => {
    for (let at = cursor[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
      const next = target[at] ?? 0;
      cursor[node] = at + 1;
      if (order[next] === -1) return next;
      if (componentOf[next] === -1) low[node] = Math.min(low[node] ?? 0, order[next] ?? 0);
    }
    if (low[node] === order[node]) closeComponent(node);
    return undefined;
  };
  for (let root = 0; root < count; root += 1) if (order[root] === -1) walk(enter(root), { step, enter, low });
  return { componentOf, components };
}

type Walk = { step: (node: number) => number | undefined; enter: (node: number) => number; low: Int32Array };

/** A depth-first traversal from a root; when it leaves a node, it passes the node's low link to its parent. */
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
  const first = indexEdges(
    count,
    edges.map(({ from }) => from),
  );
  const target = new Uint32Array(edges.length);
  const next = first.slice();
  for (const { from, to } of edges) {
    const at = next[from] ?? 0;
    target[at] = to;
    next[from] = at + 1;
  }
  return { first, target };
}
