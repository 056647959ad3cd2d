import { defineCommand, runProgram } from './cli/command.ts';
import { reset } from './reset/reset.ts';

const program = defineCommand('reset', 'Removes all orders, decisions, accounts and event files.', [
  '',
  '--yes',
]).option('--yes', 'do not ask for confirmation', false);

await runProgram(program, async (signal) => {
  const removed = await reset(program.opts<{ yes: boolean }>().yes, signal);
  process.stdout.write(removed ? `${removed.join('\n')}\n` : 'Nothing was removed.\n');
});
