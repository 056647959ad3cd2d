import { formatColumns, formatDuration } from '#lib/health/index.ts';
import { listLateEvents } from '#lib/pipeline/index.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { dataset?: string; leftOut?: true; limit: number; json?: true };

const examples = ['', '--left-out', '--dataset gold_brand_sales_day --limit 5 --json'];
const program = defineCommand('pipeline late list', 'Lists late events, newest first.', examples)
  .option('--dataset <table>', 'of one table; all_events are those that no windowed table reads')
  .option('--left-out', 'only those that a table leaves out')
  .option('--limit <n>', 'rows at most', parseCount, 50)
  .option('--json', 'as JSON');

await runCommand<Options>(
  program,
  async ({ options, database }) => {
    const rows = await listLateEvents(database, options);
    if (rows.length === 0) process.stderr.write('No late events.\n');
    const cells = rows.map((row) => [
      ...[row.eventId, row.dataset, row.eventType, row.orderId, row.ts],
      ...[formatDuration(Math.floor(row.lateness)), String(row.batchId), row.state],
    ]);
    const head = ['event', 'table', 'type', 'order', 'time', 'late by', 'batch', 'state'];
    const text = options.json ? `${JSON.stringify(rows, null, 2)}\n` : formatColumns([head, ...cells], [6]);
    if (rows.length > 0 || options.json) process.stdout.write(text);
  },
  { max: 1 },
);
