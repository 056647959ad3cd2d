import { Option } from 'commander';
import type { Database } from '#db/client.ts';
import { isVisible } from '#lib/contract/fields.ts';
import { modelEndpoint } from '#lib/env.ts';
import { OperatorError, UsageError } from '#lib/errors.ts';
import { createProgress, type Progress, silentProgress } from '#lib/progress.ts';
import {
  formatTrace,
  getTrace,
  openScorer,
  type RecommendOptions,
  recommendBackfill,
  recommendContinuously,
  recommendOnce,
  requestRescore,
  resumeAgents,
} from '#lib/recommender/index.ts';
import { describeTimeLeft } from '#lib/time-left.ts';
import { type CommandContext, defineCommand, runCommand } from '../cli/command.ts';
import { describeVerbs, type Verbs } from '../cli/verbs.ts';

const role = 'caspers_recommender';
type Options = { once?: true; continuous?: true; order?: string; explain?: true };

/** The command itself; `verbs` are listed in its help. */
export function recommend(verbs: Verbs): Promise<never> {
  const program = defineCommand('recommend', 'Recommends a refund, or none, for every delivered order.', [
    '--once',
    '--continuous',
    '--order R3MF08 --explain',
    'backfill',
    'policy list',
  ])
    .addHelpText('after', describeVerbs(verbs))
    .addOption(new Option('--once', 'score the orders that wait and end').conflicts(['continuous', 'order']))
    .addOption(
      new Option('--continuous', 'score new deliveries as they arrive, until stopped').conflicts('order'),
    )
    .addOption(new Option('--order <id>', 'print how one order was scored, as JSON; nothing is written'))
    .addOption(new Option('--explain', 'with --order: print it as text'));
  return runCommand<Options>(program, runRecommend, { max: 8, statementTimeoutMs: 0, role });
}

async function runRecommend(context: CommandContext<Options>): Promise<void> {
  const { options, database, signal } = context;
  if (options.explain && !options.order) throw new UsageError('Say which --order to explain.');
  if (options.order) return printTrace(database, options.order, options.explain ?? false);
  if (!options.once && !options.continuous) throw new UsageError('Say --once or --continuous.');
  const settings = createSettings(context);
  if (options.continuous)
    return recommendContinuously(database, { ...settings, startProgress: () => silentProgress });
  const counts = await recommendOnce(database, {
    ...settings,
    startProgress: (total) => (total > 0 ? createProgress('recommend', total) : silentProgress),
  });
  if (counts.added + counts.undelivered + counts.revised + counts.called + counts.byPolicy === 0)
    settings.say('Nothing to do: every delivered order that is new or in the sample has its recommendation.');
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  signal.throwIfAborted();
}

async function printTrace(database: Database, orderId: string, asText: boolean): Promise<void> {
  const trace = await getTrace(database, orderId);
  if (!trace)
    throw new OperatorError(
      `Order ${orderId} is neither delivered nor past its time, as far as the pipeline has come.`,
    );
  process.stdout.write(asText ? formatTrace(trace) : `${JSON.stringify(trace)}\n`);
}

export function backfill(): Promise<never> {
  const program = defineCommand(
    'recommend backfill',
    'Scores the rest of history by the active policy. It resumes where it was stopped.',
    ['', '--agent'],
  ).option('--agent', 'queue the orders for the agent instead, which takes them as its budget allows');
  return runCommand<{ agent?: true }>(
    program,
    async (context) => {
      const settings = createSettings(context);
      const counts = await recommendBackfill(context.database, {
        ...settings,
        byAgent: context.options.agent ?? false,
        startProgress: (total) => (total > 0 ? createProgressWithTimeLeft(total) : silentProgress),
      });
      if (counts.read === 0) settings.say('Nothing to do: there is no history left to score.');
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      context.signal.throwIfAborted();
    },
    { max: 3, statementTimeoutMs: 0, role },
  );
}

function createProgressWithTimeLeft(total: number): Progress {
  const progress = createProgress('backfill', total);
  const started = performance.now();
  return {
    ...progress,
    update: (done) => progress.update(done, describeTimeLeft(performance.now() - started, done, total)),
  };
}

export function rescore(): Promise<never> {
  const program = defineCommand(
    'recommend rescore',
    'Requests another recommendation for an order; the earlier ones stay. recommend --once or --continuous makes it.',
    ['R3MF08 --note "The customer says that it came cold."'],
  )
    .argument('<order>', 'the id of the order')
    .requiredOption('--note <text>', 'what you know about the order; an agent reads it')
    .option('--by <name>', 'who requests it', 'the command line');
  return runCommand<{ note: string; by: string }>(
    program,
    async ({ args: [orderId = ''], options, database }) => {
      if (!isVisible(options.note)) throw new UsageError('Say with --note what you know about the order.');
      const rerun = await requestRescore(database, { orderId, note: options.note, requestedBy: options.by });
      process.stdout.write(`${JSON.stringify({ orderId, rerun })}\n`);
    },
  );
}

export function resumeAgent(): Promise<never> {
  const program = defineCommand(
    'recommend resume-agent',
    'Asks the agent again after it has stopped because of unusable answers.',
    ['', '--by ana@example.com'],
  ).option('--by <name>', 'who resumes it', 'the command line');
  return runCommand<{ by: string }>(program, async ({ options, database, clock }) => {
    const resumed = await resumeAgents(database.pool, { by: options.by, now: clock.now() });
    if (resumed.length === 0) process.stderr.write('No agent has stopped.\n');
    for (const agent of resumed) process.stdout.write(`${JSON.stringify(agent)}\n`);
  });
}

type Settings = Omit<RecommendOptions, 'startProgress'>;

/** What every way to recommend needs: the clock, the agent where the environment names one, and its budget. */
function createSettings({ env, database, clock, log, signal }: CommandContext<unknown>): Settings {
  const endpoint = modelEndpoint(env);
  return {
    clock,
    log,
    signal,
    say: (message) => void process.stderr.write(`${message}\n`),
    scorer: endpoint && openScorer(database, endpoint, { clock, random: Math.random }),
    stopAfter: env.AGENT_STOP_AFTER,
    callsPerHour: env.AGENT_CALLS_PER_HOUR,
    outageMs: env.AGENT_OUTAGE_MINUTES * 60_000,
  };
}
