import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flow } from '../tables/flow.ts';
import { drawLineage } from './draw-lineage.ts';

const arrows = flow.flatMap(({ name, inputs }) => inputs.map((input) => [input, name] as const));

test('the flowchart and the data have every table and every arrow of the declarations', () => {
  const mermaid = drawLineage('mermaid');
  for (const [from, to] of arrows) expect(mermaid).toContain(`  ${from.replaceAll(/\W/g, '_')} --> ${to}\n`);
  expect(mermaid.match(/-->/g)).toHaveLength(arrows.length);
  const nodes: { name: string; inputs: string[] }[] = JSON.parse(drawLineage('json'));
  expect(nodes.flatMap(({ name, inputs }) => inputs.map((input) => [input, name]))).toEqual(arrows);
});

test('docs/tables.md is what the declarations say', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/tables.md'), 'utf8');
  expect(page).toBe(drawLineage('markdown'));
});
