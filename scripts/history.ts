import { formatHistory, listHistory } from '#lib/health/index.ts';
import { parseCount } from './cli/arguments.ts';
import { defineCommand, runCommand } from './cli/command.ts';

type Options = { json?: true; limit: number };

const program = defineCommand('history', 'Lists the operations on a table of the lakehouse, newest first.', [
  'all_events',
  'lakeflow.silver_order_items --limit 5 --json',
])
  .argument('<table>', 'a table of the schema lakeflow')
  .option('--limit <n>', 'the number of versions', parseCount, 20)
  .option('--json', 'as JSON');

await runCommand<Options>(
  program,
  async ({ options, args: [table = ''], database }) => {
    const entries = await listHistory(database, table, options.limit);
    if (entries.length === 0) process.stderr.write(`There are no operations on ${table} yet.\n`);
    const text = options.json ? `${JSON.stringify(entries, null, 2)}\n` : formatHistory(entries);
    process.stdout.write(text);
  },
  { max: 1 },
);
