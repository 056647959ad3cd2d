import { Option } from 'commander';
import { readDatabaseClock } from '#db/database-clock.ts';
import { sleep } from '#lib/clock.ts';
import { volumeDirectory } from '#lib/env.ts';
import { OperatorError, UsageError } from '#lib/errors.ts';
import {
  chooseActions,
  createBatchReport,
  defaultLimits,
  type PipelineOptions,
  runPipeline,
} from '#lib/pipeline/index.ts';
import { parseBytes, parseCount, parseInterval } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { describeVerbs } from '../cli/verbs.ts';
import { preview } from './preview.ts';
import { verbs } from './verbs.ts';

type Options = {
  once?: true;
  continuous?: true;
  every?: number;
  dryRun?: true;
  volume?: string;
  maxFiles?: number;
  maxBytes?: number;
  expect?: string[];
};

const examples = [
  ...['--once', '--once --volume /data/events --max-files 100', '--once --dry-run', '--continuous'],
  ...['--every 5m', '--continuous --expect silver_order_items.one_created_per_order=fail'],
];
const program = defineCommand('pipeline', 'Moves event files through bronze, silver and gold.', examples)
  .addHelpText('after', describeVerbs(verbs))
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped by a rule (its name is printed).',
  )
  .option('--once', 'take the files that are there and end; nothing is too late')
  .addOption(new Option('--continuous', 'go on with new files until stopped').conflicts(['once', 'every']))
  .addOption(
    new Option('--every <time>', 'drain every 30s, 5m, 1h (a bare number is minutes; 0 is continuous)')
      .argParser(parseInterval)
      .conflicts('once'),
  )
  .addOption(
    new Option('--dry-run', 'tell what --once would take, and write nothing').conflicts([
      'continuous',
      'every',
    ]),
  )
  .option('--volume <dir>', 'the directory of the event files')
  .option('--max-files <n>', 'files in one batch at most', parseCount)
  .option('--max-bytes <n>', 'bytes after which a batch takes no further file', parseBytes)
  .option('--expect <rules...>', 'let rules act otherwise: table.rule=warn, =drop or =fail');

await runCommand<Options>(
  program,
  async ({ options, env, database: db, clock: wall, signal }) => {
    const mode = modeOf(options);
    const clock = await readDatabaseClock(db.pool, wall);
    const volume = options.volume ?? volumeDirectory(env);
    const { maxFiles = defaultLimits.maxFiles, maxBytes = defaultLimits.maxBytes } = options;
    const limits = { ...defaultLimits, maxFiles, maxBytes };
    if (options.dryRun) return preview({ db, volume, limits, clock, signal });
    const actions = chooseActions(options.expect ?? []);
    const report = createBatchReport(mode.mode, process.stderr);
    const counts = await runPipeline({
      db,
      volume,
      ...mode,
      limits,
      actions,
      clock,
      sleep,
      signal,
      ...report,
    });
    report.stop();
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    if (mode.mode === 'once') signal.throwIfAborted();
    if (counts.failures.length > 0)
      throw new OperatorError(`${counts.failures.length} files could not be read and are left for later.`);
  },
  { max: 3, statementTimeoutMs: 0, role: 'caspers_pipeline' },
);

function modeOf({ once, continuous, every, dryRun }: Options): Pick<PipelineOptions, 'mode' | 'everyMs'> {
  if (every) return { mode: 'scheduled', everyMs: every };
  if (continuous || every === 0) return { mode: 'continuous' };
  if (once || dryRun) return { mode: 'once' };
  throw new UsageError('Say --once, --continuous or --every.');
}
