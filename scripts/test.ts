import { UsageError } from '#lib/errors.ts';
import { defineCommand, runProgram } from './cli/command.ts';
import { listSteps, runSteps } from './testing/steps.ts';
import { formatTally } from './testing/tally.ts';

const examples = ['', '--no-e2e', 'lib/pipeline', 'e2e/sign-in'];
const program = defineCommand('test', 'Runs every check, as CI does; the last line counts them.', examples)
  .argument('[filters...]', 'run only the tests of these paths; options are passed to vitest')
  .option('--no-e2e', 'skip the build and the browser tests')
  .allowUnknownOption();

await runProgram(program, async (signal) => {
  const steps = listSteps(program.args, program.opts<{ e2e: boolean }>().e2e);
  if (steps.length === 0) throw new UsageError('With --no-e2e these filters select no tests.');
  const tally = await runSteps(steps, signal, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${formatTally(tally)}\n`);
  signal.throwIfAborted();
  // The count above is the last output, so only the exit code says that a check failed.
  if (tally.failed > 0) process.exit(1);
});
