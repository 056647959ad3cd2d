import { Option } from 'commander';
import { sleep } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import { syncContinuously, syncOnce } from '#lib/sync/run.ts';
import { defineCommand, runCommand } from './command.ts';

type Options = { once?: true; continuous?: true };

const program = defineCommand(
  'sync',
  "Keeps the console's table at the newest recommendation of each order.",
  ['--once', '--continuous'],
)
  .addOption(new Option('--once', 'bring over what is missing and end').conflicts('continuous'))
  .addOption(new Option('--continuous', 'go on with new recommendations until stopped'));

await runCommand<Options>(
  program,
  async ({ options, database, clock, log, signal }) => {
    if (!options.once && !options.continuous) throw new UsageError('Say --once or --continuous.');
    const say = (message: string) => void process.stderr.write(`${message}\n`);
    const common = { clock, log, signal, sleep, say };
    if (options.continuous) return syncContinuously(database, common);
    const counts = await syncOnce(database, common);
    if (counts.read === 0 && !signal.aborted) say('Nothing to do: every recommendation is there.');
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    signal.throwIfAborted();
  },
  { max: 2, statementTimeoutMs: 0 },
);
