import { InvalidArgumentError } from 'commander';
import { formatHistory, listHistory } from '#lib/health/index.ts';
import { defineCommand, runCommand } from './cli/command.ts';

type Options = { json?: true; limit: number };

const program = defineCommand('history', 'Tells what was done to a table of the lakehouse, newest first.', [
  'all_events',
  'lakeflow.silver_order_items --limit 5 --json',
])
  .argument('<table>', 'a table of the schema lakeflow')
  .option('--limit <n>', 'versions at most', readLimit, 20)
  .option('--json', 'as JSON');

await runCommand<Options>(
  program,
  async ({ options, args: [table = ''], database }) => {
    const entries = await listHistory(database, table, options.limit);
    if (entries.length === 0) process.stderr.write(`Nothing has been done to ${table} yet.\n`);
    const text = options.json ? `${JSON.stringify(entries, null, 2)}\n` : formatHistory(entries);
    process.stdout.write(text);
  },
  { max: 1 },
);

function readLimit(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
