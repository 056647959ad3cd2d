import { fileURLToPath } from 'node:url';
import { defineCommand, runProgram } from './cli/command.ts';
import { formatFindings } from './doctor/finding.ts';
import { runChecks } from './doctor/run-checks.ts';

const program = defineCommand(
  'doctor',
  'Checks the installation and says what to do; fails if a check fails.',
  ['', '--json'],
).option('--json', 'as JSON', false);

await runProgram(program, async () => {
  const findings = await runChecks(fileURLToPath(new URL('..', import.meta.url)));
  const text = program.opts<{ json: boolean }>().json
    ? `${JSON.stringify(findings, null, 2)}\n`
    : formatFindings(findings);
  process.stdout.write(text);
  // The findings are the last output, so only the exit code says that a check failed.
  if (findings.some(({ level }) => level === 'fail')) process.exit(1);
});
