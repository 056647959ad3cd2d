import { styleText } from 'node:util';
import type { Finding } from './finding.ts';

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** One line for each finding; coloured where `output` shows colours. */
export function formatFindings(findings: Finding[], output: NodeJS.WritableStream = process.stdout): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(
    ({ name, level, detail }) =>
      `${styleText(colours[level], level.padEnd(4), { stream: output })}  ${name.padEnd(width)}  ${detail}\n`,
  );
  return lines.join('');
}
