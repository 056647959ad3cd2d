import type { RoadNetwork } from './network.ts';

/** The node at which each edge begins. */
export function begins({ firstEdge, target }: Pick<RoadNetwork, 'firstEdge' | 'target'>): Uint32Array {
  const nodes = new Uint32Array(target.length);
  for (let node = 0; node + 1 < firstEdge.length; node += 1)
    nodes.fill(node, firstEdge[node] ?? 0, firstEdge[node + 1] ?? 0);
  return nodes;
}
