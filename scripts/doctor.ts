import { fileURLToPath } from 'node:url';
import { defineCommand, runProgram } from './cli/command.ts';
import { formatFindings } from './doctor/format-findings.ts';
import { runChecks } from './doctor/run-checks.ts';

const program = defineCommand('doctor', 'Says what is wrong and what to do; fails when something is.', [
  '',
  '--json',
]).option('--json', 'as JSON', false);

await runProgram(program, async () => {
  const findings = await runChecks(fileURLToPath(new URL('..', import.meta.url)));
  const text = program.opts<{ json: boolean }>().json
    ? `${JSON.stringify(findings, null, 2)}\n`
    : formatFindings(findings);
  process.stdout.write(text);
  // The findings are the last word, so failure is told by the exit code alone.
  if (findings.some(({ level }) => level === 'fail')) process.exit(1);
});
