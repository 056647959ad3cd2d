import { formatColumns } from '#lib/health/index.ts';
import { listQuarantined } from '#lib/pipeline/index.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { rule?: string; all?: true; limit: number; json?: true };

const examples = ['', '--rule bad_price', '--all --limit 500 --json'];
const program = defineCommand(
  'pipeline quarantine list',
  'Lists records in quarantine, newest first.',
  examples,
)
  .option('--rule <name>', 'only those that break this rule')
  .option('--all', 'also those that were taken again or given up')
  .option('--limit <n>', 'rows at most', parseCount, 50)
  .option('--json', 'as JSON');

await runCommand<Options>(
  program,
  async ({ options, database }) => {
    const rows = await listQuarantined(database, options);
    if (rows.length === 0) process.stderr.write('No such records in quarantine.\n');
    const cells = rows.map((row) => [
      ...[String(row.id), row.rule, `${row.file}:${row.line}`, row.quarantinedAt, row.state],
      row.reason.length > 100 ? `${row.reason.slice(0, 97)}...` : row.reason,
    ]);
    const head = ['id', 'rule', 'where', 'since', 'state', 'reason'];
    const text = options.json ? `${JSON.stringify(rows, null, 2)}\n` : formatColumns([head, ...cells], [0]);
    if (rows.length > 0 || options.json) process.stdout.write(text);
  },
  { max: 1 },
);
