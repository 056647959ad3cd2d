import { flow } from '../tables/flow.ts';

/** A table of the flow, or an input from outside it (`source`), and what it is made from. */
export type LineageNode = {
  name: string;
  layer: 'source' | 'bronze' | 'silver' | 'gold';
  grain: string | null;
  inputs: readonly string[];
  key: readonly string[];
  partitionedBy: string | null;
  window: string | null;
  expectations: readonly { name: string; action: string }[];
};

const drawings = {
  mermaid: () => drawMermaid(listLineage()),
  json: () => `${JSON.stringify(listLineage(), null, 2)}\n`,
  markdown: writeTablesPage,
} as const;

export type LineageFormat = keyof typeof drawings;
export const lineageFormats = Object.keys(drawings) as LineageFormat[];

/** The lineage of the lakehouse as declared: a Mermaid flowchart, data, or the page docs/tables.md. */
export function drawLineage(format: LineageFormat): string {
  return drawings[format]();
}

/** Sources first, then every table after its inputs. */
function listLineage(): LineageNode[] {
  const tables = new Set(flow.map(({ name }) => name));
  const sources = new Set(flow.flatMap(({ inputs }) => inputs).filter((input) => !tables.has(input)));
  return [
    ...[...sources].map(
      (name): LineageNode => ({
        ...{ name, layer: 'source', grain: null, inputs: [], key: [], partitionedBy: null, window: null },
        expectations: [],
      }),
    ),
    ...flow.map(({ name, layer, grain, inputs, key, partitionedBy, window, expectations }) => ({
      ...{ name, layer, grain, inputs, key, partitionedBy, window },
      expectations: expectations.map(({ name, action }) => ({ name, action })),
    })),
  ];
}

/** A flowchart with one box for each layer. */
function drawMermaid(nodes: readonly LineageNode[]): string {
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

const heading = `# The tables of the lakehouse

Written from the declarations in \`lib/pipeline\` by \`npm run --silent pipeline -- graph --format markdown > docs/tables.md\`;
a test holds this page and the code together.
`;

/** The page docs/tables.md: the lineage, every table with its declaration, and the SQL of gold. */
function writeTablesPage(): string {
  const nodes = listLineage();
  const tables = nodes.filter(({ layer }) => layer !== 'source');
  const gold = flow.filter(({ layer }) => layer === 'gold');
  return [
    heading,
    '```mermaid',
    `${drawMermaid(nodes)}\`\`\`\n`,
    '| table | layer | what a row is | key | made from | partitioned by | window | expectations |',
    '|---|---|---|---|---|---|---|---|',
    `${tables.map(writeRow).join('\n')}\n`,
    '## What gold is\n',
    'Plain aggregates over silver, in SQL that any engine runs. Here a distinct count is stored as a mergeable sketch.\n',
    ...gold.map(({ name, body }) => `### ${name}\n\n\`\`\`sql\n${outdent(body ?? '')}\n\`\`\`\n`),
  ].join('\n');
}

function writeRow(node: LineageNode): string {
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ');
  const rules = node.expectations.map(({ name, action }) => `\`${name}\` (${action})`).join(', ');
  const cells = [
    `\`${node.name}\``,
    node.layer,
    node.grain ?? '',
    code(node.key),
    code(node.inputs),
    code(node.partitionedBy ? [node.partitionedBy] : []),
    code(node.window ? [node.window] : []),
    rules,
  ];
  return `| ${cells.join(' | ')} |`;
}

function outdent(sql: string): string {
  const lines = sql.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
