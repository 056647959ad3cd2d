import { UsageError } from '#lib/errors.ts';
import { defineCommand, runProgram } from './cli/command.ts';
import { runSteps } from './testing/run-steps.ts';
import { listSteps } from './testing/steps.ts';
import { formatTally } from './testing/tally.ts';

const examples = ['', '--no-e2e', 'lib/pipeline', 'e2e/sign-in'];
const program = defineCommand(
  'test',
  'Verifies everything, as CI does; ends with the count of checks.',
  examples,
)
  .argument('[filters...]', 'run only the tests of these paths; options of vitest pass through')
  .option('--no-e2e', 'leave out the build and the browser tests')
  .allowUnknownOption();

await runProgram(program, async (signal) => {
  const steps = listSteps(program.args, program.opts<{ e2e: boolean }>().e2e);
  if (steps.length === 0) throw new UsageError('--no-e2e leaves nothing of these filters to run.');
  const tally = await runSteps(steps, signal, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${formatTally(tally)}\n`);
  signal.throwIfAborted();
  // The count above is the last word, so failure is told by the exit code alone.
  if (tally.failed > 0) process.exit(1);
});
