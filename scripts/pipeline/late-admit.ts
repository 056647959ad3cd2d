import { Option } from 'commander';
import { UsageError } from '#lib/errors.ts';
import { countAsked, requestAdmission } from '#lib/pipeline/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { settle } from './settle.ts';

type Options = { all?: true; dataset?: string };

const examples = ['--all', 'event-17 event-18', '--all --dataset gold_location_sales_hourly'];
const description = 'Adds the orders of late events to the windowed tables that left them out.';
const program = defineCommand('pipeline late admit', description, examples)
  .argument('[events...]', 'ids of late events')
  .addOption(new Option('--all', 'all that are left out'))
  .option('--dataset <table>', 'to this table only');

await runCommand<Options>(
  program,
  async ({ options, args, ...context }) => {
    if (args.length > 0 === (options.all ?? false)) throw new UsageError('Give event ids, or --all.');
    const eventIds = options.all ? undefined : args;
    const asked = await requestAdmission(
      context.database,
      { eventIds, dataset: options.dataset },
      context.clock.now(),
    );
    if (asked > 0) await settle(context, async () => (await countAsked(context.database)) === 0);
    process.stdout.write(`${JSON.stringify({ admitted: asked })}\n`);
  },
  { max: 3, statementTimeoutMs: 0 },
);
