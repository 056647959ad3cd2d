import { flow } from '../tables/flow.ts';
import { drawMermaid } from './draw-mermaid.ts';
import { type LineageNode, listLineage } from './lineage.ts';

const heading = `# The tables of the lakehouse

Written from the declarations in \`lib/pipeline\` by \`npm run --silent pipeline -- graph --format markdown > docs/tables.md\`;
a test holds this page and the code together.
`;

/** The page docs/tables.md: the lineage, every table with what its declaration says, and the SQL of gold. */
export function writeTablesPage(): string {
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
    'Plain aggregates over silver, in SQL that any engine runs. Here a distinct count is kept as a mergeable sketch.\n',
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
