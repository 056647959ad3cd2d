import { Option } from 'commander';
import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type RetainParams = { db: Database; clock: Clock; days: number; dryRun: boolean };

/** Runs a command that deletes what is older than `--days`, or with `--dry-run` only counts it, and prints the counts. */
export async function runRetention(
  { name, description, examples }: { name: string; description: string; examples: string[] },
  retain: (params: RetainParams) => Promise<object>,
): Promise<void> {
  const program = defineCommand(name, description, examples)
    .addOption(
      new Option('--days <n>', 'days to keep, including today (UTC)')
        .argParser(parseCount)
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'only count what would be deleted');
  await runCommand<{ days: number; dryRun?: true }>(
    program,
    async ({ options: { days, dryRun = false }, database: db, clock }) => {
      const retention = await retain({ db, clock, days, dryRun });
      process.stdout.write(`${JSON.stringify({ ...retention, dryRun })}\n`);
    },
    { max: 2, statementTimeoutMs: 0 },
  );
}
