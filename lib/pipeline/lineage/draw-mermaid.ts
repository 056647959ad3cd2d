import type { LineageNode } from './lineage.ts';

/** The lineage as a Mermaid flowchart, one box for each layer. */
export function drawMermaid(nodes: readonly LineageNode[]): string {
  const layers = Map.groupBy(nodes, ({ layer }) => layer);
  const boxes = [...layers].flatMap(([layer, members]) => [
    `  subgraph ${layer}`,
    ...members.map(({ name }) => `    ${idOf(name)}["${name}"]`),
    '  end',
  ]);
  const arrows = nodes.flatMap(({ name, inputs }) =>
    inputs.map((input) => `  ${idOf(input)} --> ${idOf(name)}`),
  );
  return `${['flowchart LR', ...boxes, ...arrows].join('\n')}\n`;
}

function idOf(name: string): string {
  return name.replaceAll(/\W/g, '_');
}
