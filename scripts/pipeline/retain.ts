import { Option } from 'commander';
import { retain } from '#lib/pipeline/index.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { days: number; dryRun?: true };

const examples = ['--days 400 --dry-run', '--days 400'];
const program = defineCommand(
  'pipeline retain',
  'Deletes the raw events of all but the last days; silver, gold and the keys of the events stay.',
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
    const retention = await retain({ db, clock, days, dryRun });
    process.stdout.write(`${JSON.stringify({ ...retention, dryRun })}\n`);
  },
  { max: 2, statementTimeoutMs: 0 },
);
