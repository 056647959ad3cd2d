import type { RoadNetwork } from './network.ts';

/** The fastest paths from one node to all others: per node its parent and the total seconds. */
export type PathTree = {
  origin: number;
  /** -1 for the origin and for unreachable nodes. */
  parent: Int32Array;
  /** Infinity for unreachable nodes. */
  seconds: Float64Array;
};

/** Dijkstra's algorithm with a binary heap. A node may be in the heap more than once; only its best entry counts. */
export function buildPathTree(network: RoadNetwork, origin: number): PathTree {
  const count = network.lat.length;
  const tree = {
    origin,
    parent: new Int32Array(count).fill(-1),
    seconds: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
  };
  tree.seconds[origin] = 0;
  const heap = new MinHeap();
  heap.push(origin, 0);
  for (let top = heap.pop(); top !== undefined; top = heap.pop())
    if (top.cost === tree.seconds[top.node]) relax(network, tree, top.node, heap);
  return tree;
}

function relax(network: RoadNetwork, tree: PathTree, node: number, heap: MinHeap): void {
  const begin = network.firstEdge[node] ?? 0;
  const end = network.firstEdge[node + 1] ?? 0;
  for (let edge = begin; edge < end; edge += 1) {
    const target = network.target[edge] ?? 0;
    const cost = (tree.seconds[node] ?? 0) + (network.seconds[edge] ?? 0);
    if (cost >= (tree.seconds[target] ?? 0)) continue;
    tree.seconds[target] = cost;
    tree.parent[target] = node;
    heap.push(target, cost);
  }
}

type Visit = { node: number; cost: number };

class MinHeap {
  readonly #visits: Visit[] = [];

  push(node: number, cost: number): void {
    const visits = this.#visits;
    let index = visits.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = visits[above];
      if (!parent || parent.cost <= cost) break;
      visits[index] = parent;
      index = above;
    }
    visits[index] = { node, cost };
  }

  pop(): Visit | undefined {
    const visits = this.#visits;
    const top = visits[0];
    const last = visits.pop();
    if (visits.length > 0 && last) this.#sink(last);
    return top;
  }

  #sink(visit: Visit): void {
    const visits = this.#visits;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = (visits[right]?.cost ?? Infinity) < (visits[left]?.cost ?? Infinity) ? right : left;
      const below = visits[child];
      if (!below || below.cost >= visit.cost) break;
      visits[index] = below;
      index = child;
    }
    visits[index] = visit;
  }
}
