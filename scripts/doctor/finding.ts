import { styleText } from 'node:util';

/** The result of one check; `detail` describes the state and, unless it is ok, what to do about it. */
export type Finding = { name: string; level: 'ok' | 'warn' | 'fail'; detail: string };

export const ok = (name: string, detail: string): Finding => ({ name, level: 'ok', detail });
export const warn = (name: string, detail: string): Finding => ({ name, level: 'warn', detail });
export const fail = (name: string, detail: string): Finding => ({ name, level: 'fail', detail });

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** One line for each finding; coloured if `output` is a terminal with colours. */
export function formatFindings(findings: Finding[], output: NodeJS.WritableStream = process.stdout): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(
    ({ name, level, detail }) =>
      `${styleText(colours[level], level.padEnd(4), { stream: output })}  ${name.padEnd(width)}  ${detail}\n`,
  );
  return lines.join('');
}
