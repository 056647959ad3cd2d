import { Option } from 'commander';
import { retainPlaces } from '#lib/pipeline/index.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { days: number; dryRun?: true };

const examples = ['--days 90 --dry-run', '--days 90'];
const program = defineCommand(
  'pipeline retain-places',
  'Deletes the addresses and coordinates of the orders of all but the last days, in the console too at its next sync.',
  examples,
)
  .addOption(
    new Option('--days <n>', 'days to keep, including today (UTC)')
      .argParser(parseCount)
      .makeOptionMandatory(),
  )
  .option('--dry-run', 'only count what would be deleted');

await runCommand<Options>(
  program,
  async ({ options: { days, dryRun = false }, database: db, clock }) => {
    const retention = await retainPlaces({ db, clock, days, dryRun });
    process.stdout.write(`${JSON.stringify({ ...retention, dryRun })}\n`);
  },
  { max: 2, statementTimeoutMs: 0 },
);
