import { Option } from 'commander';
import { UsageError } from '#lib/errors.ts';
import { createProgress, silentProgress } from '#lib/progress.ts';
import { recommendContinuously, recommendOnce } from '#lib/recommender/run.ts';
import { defineCommand, runCommand } from './command.ts';

type Options = { once?: true; continuous?: true };

const program = defineCommand('recommend', 'Recommends a refund, or none, for every delivered order.', [
  '--once',
  '--continuous',
])
  .addOption(new Option('--once', 'score the orders that wait and end').conflicts('continuous'))
  .addOption(new Option('--continuous', 'go on with new deliveries until stopped'));

await runCommand<Options>(
  program,
  async ({ options, database, clock, log, signal }) => {
    if (!options.once && !options.continuous) throw new UsageError('Say --once or --continuous.');
    const say = (message: string) => void process.stderr.write(`${message}\n`);
    const budget = { scorer: undefined, callsPerHour: 0, outageMs: 0 };
    const common = { clock, log, signal, say, ...budget };
    if (options.continuous)
      return recommendContinuously(database, { ...common, startProgress: () => silentProgress });
    const counts = await recommendOnce(database, {
      ...common,
      startProgress: (total) => (total > 0 ? createProgress('recommend', total) : silentProgress),
    });
    if (counts.added === 0) say('Nothing to do: every delivered order has its recommendation.');
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    signal.throwIfAborted();
  },
  { max: 3, statementTimeoutMs: 0 },
);
