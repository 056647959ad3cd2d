/** One panel: bars of the created values and a line of the planned ones. `ticks` label positions along the panel. */
export type Panel = {
  title: string;
  bars: number[];
  line: number[];
  ticks: { at: number; label: string }[];
};

const SIZE = { width: 440, height: 190, left: 36, right: 26, top: 30, bottom: 26 };
const STYLE = `
  svg { color-scheme: light dark; }
  .ground { fill: #ffffff; } text { fill: #3f3f46; font: 12px system-ui, sans-serif; } .title { font-weight: 600; fill: #18181b; }
  .axis { stroke: #d4d4d8; } .bar { fill: #93b4f5; } .line { stroke: #b45309; stroke-width: 2; fill: none; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #18181b; } text { fill: #d4d4d8; } .title { fill: #fafafa; }
    .axis { stroke: #52525b; } .bar { fill: #3b5ea8; } .line { stroke: #fbbf24; }
  }`;

/** Draws panels in two columns as SVG, for light and dark backgrounds. `description` is the text alternative. */
export function plotPanels(panels: Panel[], description: string): string {
  const rows = Math.ceil(panels.length / 2);
  const [width, height] = [2 * SIZE.width, rows * SIZE.height];
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % 2) * SIZE.width, Math.floor(index / 2) * SIZE.height];
    return `<g transform="translate(${x} ${y})">${drawPanel(panel)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(description)}</title>
<style>${STYLE}
</style>
<rect class="ground" width="${width}" height="${height}"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, bars, line, ticks }: Panel): string {
  const inner = {
    width: SIZE.width - SIZE.left - SIZE.right,
    height: SIZE.height - SIZE.top - SIZE.bottom,
  };
  const top = Math.max(...bars, ...line) * 1.05;
  const step = inner.width / bars.length;
  const x = (index: number) => round(SIZE.left + index * step);
  const y = (value: number) => round(SIZE.top + inner.height * (1 - value / top));
  const floor = SIZE.top + inner.height;
  const drawn = bars.map(
    (value, index) =>
      `M${x(index)} ${floor}V${y(value)}H${round(SIZE.left + (index + 0.85) * step)}V${floor}`,
  );
  const points = line.map((value, index) => `${x(index + 0.425)} ${y(value)}`);
  const labels = ticks.map(
    ({ at, label }) => `<text x="${x(at)}" y="${floor + 17}" text-anchor="middle">${escapeXml(label)}</text>`,
  );
  const scale = niceStep(top);
  const marks = [scale, 2 * scale, 3 * scale].filter((value) => value <= top);
  const grid = marks.map(
    (value) =>
      `<path class="axis" d="M${SIZE.left} ${y(value)}H${SIZE.width - SIZE.right}"/><text x="${SIZE.left - 5}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  return `<text class="title" x="${SIZE.left}" y="18">${escapeXml(title)}</text>${grid.join('')}<path class="bar" d="${drawn.join('')}"/><path class="axis" d="M${SIZE.left} ${floor}H${SIZE.width - SIZE.right}"/><path class="line" d="M${points.join('L')}"/>${labels.join('')}`;
}

/** A grid step of at most half the height: 1, 2 or 5 times a power of ten. */
function niceStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / 2));
  return [5, 2, 1].map((factor) => factor * power).find((step) => 2 * step <= top) ?? power;
}

const round = (value: number) => Math.round(value * 10) / 10;
const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
