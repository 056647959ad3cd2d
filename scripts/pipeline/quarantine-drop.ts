import { dropQuarantined } from '#lib/pipeline/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { readChoice } from './quarantine-choice.ts';

type Options = { rule?: string; all?: true };

const examples = ['17 18', '--rule malformed_json', '--all'];
const description = 'Gives records in quarantine up: they are kept as they came, and never taken.';
const program = defineCommand('pipeline quarantine drop', description, examples)
  .argument('[ids...]', 'numbers of records')
  .option('--rule <name>', 'all open ones that break this rule')
  .option('--all', 'all open ones');

await runCommand<Options>(
  program,
  async ({ options, args, database, clock }) => {
    const dropped = await dropQuarantined(database, readChoice(args, options), clock.now());
    process.stdout.write(`${JSON.stringify({ dropped })}\n`);
  },
  { max: 1 },
);
