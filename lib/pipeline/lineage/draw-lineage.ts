import { drawMermaid } from './draw-mermaid.ts';
import { drawSvg } from './draw-svg.ts';
import { listLineage } from './lineage.ts';
import { writeTablesPage } from './write-tables-page.ts';

const drawings = {
  mermaid: () => drawMermaid(listLineage()),
  json: () => `${JSON.stringify(listLineage(), null, 2)}\n`,
  svg: () => drawSvg(listLineage()),
  markdown: writeTablesPage,
} as const;

export type LineageFormat = keyof typeof drawings;
export const lineageFormats = Object.keys(drawings) as LineageFormat[];

/** The lineage of the lakehouse as declared: a flowchart, data, a picture, or the page docs/tables.md. */
export function drawLineage(format: LineageFormat): string {
  return drawings[format]();
}
