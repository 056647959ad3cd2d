import { Option } from 'commander';
import { UsageError } from '#lib/errors.ts';
import { createProgress, silentProgress } from '#lib/progress.ts';
import { recommendContinuously, recommendOnce } from '#lib/recommender/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { describeVerbs } from '../cli/verbs.ts';
import { printTrace } from './print-trace.ts';
import { settingsOf } from './settings.ts';
import { verbs } from './verbs.ts';

type Options = { once?: true; continuous?: true; order?: string; explain?: true };

const examples = ['--once', '--continuous', '--order R3MF08 --explain', 'backfill', 'policy list'];
const program = defineCommand(
  'recommend',
  'Recommends a refund, or none, for every delivered order.',
  examples,
)
  .addHelpText('after', describeVerbs(verbs))
  .addOption(new Option('--once', 'score the orders that wait and end').conflicts(['continuous', 'order']))
  .addOption(new Option('--continuous', 'go on with new deliveries until stopped').conflicts('order'))
  .addOption(new Option('--order <id>', 'print how one order was scored, as JSON; nothing is written'))
  .addOption(new Option('--explain', 'with --order: print it for people'));

await runCommand<Options>(
  program,
  async (context) => {
    const { options, database, signal } = context;
    if (options.explain && !options.order) throw new UsageError('Say which --order to explain.');
    if (options.order) return printTrace(database, options.order, options.explain ?? false);
    if (!options.once && !options.continuous) throw new UsageError('Say --once or --continuous.');
    const settings = settingsOf(context);
    if (options.continuous)
      return recommendContinuously(database, { ...settings, startProgress: () => silentProgress });
    const counts = await recommendOnce(database, {
      ...settings,
      startProgress: (total) => (total > 0 ? createProgress('recommend', total) : silentProgress),
    });
    if (counts.added + counts.undelivered + counts.called + counts.byPolicy === 0)
      settings.say(
        'Nothing to do: every delivered order that is new or in the sample has its recommendation.',
      );
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    signal.throwIfAborted();
  },
  { max: 8, statementTimeoutMs: 0, role: 'caspers_recommender' },
);
