import { UsageError } from '#lib/errors.ts';
import { formatColumns, formatDuration } from '#lib/health/index.ts';
import { countRequestedAdmissions, listLateEvents, requestAdmission } from '#lib/pipeline/requests/index.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { runVerb } from '../cli/verbs.ts';
import { settle } from './settle.ts';

const PATH = 'pipeline late';

await runVerb(PATH, 'Events that came more than three hours behind the newest one.', {
  list: { summary: 'lists them, and which tables leave them out', run: list },
  admit: { summary: 'adds their orders to those tables', run: admit },
});

function list() {
  const examples = ['', '--left-out', '--dataset gold_brand_sales_day --limit 5 --json'];
  const program = defineCommand(`${PATH} list`, 'Lists late events, newest first.', examples)
    .option('--dataset <table>', 'of one table; all_events are those that no windowed table reads')
    .option('--left-out', 'only those that a table leaves out')
    .option('--limit <n>', 'maximum number of rows', parseCount, 50)
    .option('--json', 'as JSON');
  return runCommand<{ dataset?: string; leftOut?: true; limit: number; json?: true }>(
    program,
    async ({ options, database }) => {
      const rows = await listLateEvents(database, options);
      if (rows.length === 0) process.stderr.write('There are no late events.\n');
      const cells = rows.map((row) => [
        ...[row.eventId, row.dataset, row.eventType, row.orderId, row.ts],
        ...[formatDuration(Math.floor(row.lateness)), String(row.batchId), row.state],
      ]);
      const head = ['event', 'table', 'type', 'order', 'time', 'late by', 'batch', 'state'];
      const table = options.json
        ? `${JSON.stringify(rows, null, 2)}\n`
        : formatColumns([head, ...cells], [6]);
      if (rows.length > 0 || options.json) process.stdout.write(table);
    },
    { max: 1 },
  );
}

function admit() {
  const description = 'Adds the orders of late events to the windowed tables that left them out.';
  const examples = ['--all', 'event-17 event-18', '--all --dataset gold_location_sales_hourly'];
  const program = defineCommand(`${PATH} admit`, description, examples)
    .argument('[events...]', 'ids of late events')
    .option('--all', 'all that are left out')
    .option('--dataset <table>', 'to this table only');
  return runCommand<{ all?: true; dataset?: string }>(
    program,
    async ({ options: { all = false, dataset }, args, ...context }) => {
      if (args.length > 0 === all) throw new UsageError('Give event ids, or --all.');
      const { database, clock } = context;
      const choice = { eventIds: all ? undefined : args, dataset };
      const admitted = await requestAdmission(database, choice, clock.now());
      if (admitted > 0) await settle(context, async () => (await countRequestedAdmissions(database)) === 0);
      process.stdout.write(`${JSON.stringify({ admitted })}\n`);
    },
    { max: 3, statementTimeoutMs: 0 },
  );
}
