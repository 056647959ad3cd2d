import type { LineageNode } from './lineage.ts';

const box = { width: 220, height: 36, columnGap: 90, rowGap: 18 };
const margin = { side: 16, top: 48 };

type Placed = { node: LineageNode; x: number; y: number };

/** The lineage as a picture: one column for each layer, read from left to right. */
export function drawSvg(nodes: readonly LineageNode[]): string {
  const placed = place(nodes);
  const byName = new Map(placed.map((each) => [each.node.name, each]));
  const width = Math.max(...placed.map(({ x }) => x)) + box.width + margin.side;
  const height = Math.max(...placed.map(({ y }) => y)) + box.height + margin.side;
  const arrows = placed.flatMap((to) =>
    to.node.inputs.flatMap((input) => {
      const from = byName.get(input);
      return from ? [drawArrow(from, to)] : [];
    }),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="13">`,
    '<title>Lineage of the lakehouse</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
    '<path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>',
    ...drawHeadings(placed),
    ...arrows,
    ...placed.map(drawBox),
    '</svg>',
  ].join('\n')}\n`;
}

/** A table stands one column to the right of the rightmost of its inputs in another layer, below its neighbours. */
function place(nodes: readonly LineageNode[]): Placed[] {
  const columns = [...new Set(nodes.map(({ layer }) => layer))];
  const filled = new Map<string, number>();
  return nodes.map((node) => {
    const row = filled.get(node.layer) ?? 0;
    filled.set(node.layer, row + 1);
    return {
      node,
      x: margin.side + columns.indexOf(node.layer) * (box.width + box.columnGap),
      y: margin.top + row * (box.height + box.rowGap),
    };
  });
}

function drawHeadings(placed: readonly Placed[]): string[] {
  const first = new Map(placed.toReversed().map(({ node, x }) => [node.layer, x]));
  return [...first].map(
    ([layer, x]) => `<text x="${x}" y="28" font-weight="600" fill="#334155">${layer}</text>`,
  );
}

function drawBox({ node, x, y }: Placed): string {
  const tip = node.grain ? `<title>${escapeXml(node.grain)}</title>` : '';
  return [
    `<g>${tip}<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="8" fill="#f8fafc" stroke="#94a3b8"/>`,
    `<text x="${x + 12}" y="${y + 23}" fill="#0f172a">${escapeXml(node.name)}</text></g>`,
  ].join('');
}

/** Between columns a curve from side to side; within one, along its right side. */
function drawArrow(from: Placed, to: Placed): string {
  const middle = box.height / 2;
  const [x1, y1, y2] = [from.x + box.width, from.y + middle, to.y + middle];
  const path =
    from.x === to.x
      ? `M${x1} ${y1}C${x1 + 40} ${y1} ${x1 + 40} ${y2} ${x1 + 2} ${y2}`
      : `M${x1} ${y1}C${x1 + 45} ${y1} ${to.x - 45} ${y2} ${to.x} ${y2}`;
  return `<path d="${path}" fill="none" stroke="#64748b" marker-end="url(#head)"/>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
