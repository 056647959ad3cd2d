import { createProgress, type Progress, silentProgress } from '#lib/progress.ts';
import { recommendBackfill } from '#lib/recommender/index.ts';
import { describeTimeLeft } from '#lib/time-left.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { settingsOf } from './settings.ts';

type Options = { agent?: true };

const program = defineCommand(
  'recommend backfill',
  'Scores the rest of history by the active policy. It goes on where it was stopped.',
  ['', '--agent'],
).option('--agent', 'put the orders before the agent instead, which takes them as its budget allows');

await runCommand<Options>(
  program,
  async (context) => {
    const settings = settingsOf(context);
    const counts = await recommendBackfill(context.database, {
      ...settings,
      byAgent: context.options.agent ?? false,
      startProgress: (total) => (total > 0 ? withTimeLeft(total) : silentProgress),
    });
    if (counts.read === 0) settings.say('Nothing to do: there is no history left to score.');
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    context.signal.throwIfAborted();
  },
  { max: 3, statementTimeoutMs: 0, role: 'caspers_recommender' },
);

function withTimeLeft(total: number): Progress {
  const progress = createProgress('backfill', total);
  const started = performance.now();
  return {
    ...progress,
    update: (done) => progress.update(done, describeTimeLeft(performance.now() - started, done, total)),
  };
}
