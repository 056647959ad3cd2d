import { resolve } from 'node:path';
import { Option } from 'commander';
import { readDatabaseClock } from '#db/database-clock.ts';
import { sleep } from '#lib/clock.ts';
import { volumeDirectory } from '#lib/env.ts';
import { OperatorError, UsageError } from '#lib/errors.ts';
import {
  createBatchReport,
  defaultLimits,
  loadAddressKey,
  type PipelineOptions,
  type PreviewOptions,
  previewRun,
  readActions,
  runPipeline,
} from '#lib/pipeline/index.ts';
import { createProgress, type Progress } from '#lib/progress.ts';
import { parseBytes, parseCount, parseInterval } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { describeVerbs } from '../cli/verbs.ts';
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
  .option('--once', 'ingest the files that are there and end; no event is late')
  .addOption(new Option('--continuous', 'continue with new files until stopped').conflicts(['once', 'every']))
  .addOption(
    new Option('--every <time>', 'ingest every 30s, 5m, 1h (a number alone is minutes; 0 is continuous)')
      .argParser(parseInterval)
      .conflicts('once'),
  )
  .addOption(
    new Option('--dry-run', 'count what --once would ingest, and write nothing').conflicts([
      'continuous',
      'every',
    ]),
  )
  .option('--volume <dir>', 'the directory of the event files')
  .option('--max-files <n>', 'maximum number of files in one batch', parseCount)
  .option('--max-bytes <n>', 'size at which a batch is full', parseBytes)
  .option('--expect <rules...>', 'override the actions of rules: table.rule=warn, =drop or =fail');

await runCommand<Options>(
  program,
  async ({ options, env, database: db, clock: systemClock, signal }) => {
    const mode = modeOf(options);
    const clock = await readDatabaseClock(db.pool, systemClock);
    const volume = options.volume ?? volumeDirectory(env);
    const { maxFiles = defaultLimits.maxFiles, maxBytes = defaultLimits.maxBytes } = options;
    const limits = { ...defaultLimits, maxFiles, maxBytes };
    if (options.dryRun) return preview({ db, volume, limits, clock, signal });
    const actions = readActions(options.expect ?? []);
    const report = createBatchReport(mode.mode, process.stderr);
    const counts = await runPipeline({
      db,
      volume,
      ...mode,
      limits,
      actions,
      addressKey: loadAddressKey(env),
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
  throw new UsageError('Give --once, --continuous or --every.');
}

/** Prints what a run would ingest, as JSON. */
async function preview(options: Omit<PreviewOptions, 'say' | 'onProgress'>): Promise<void> {
  let progress: Progress | undefined;
  const counts = await previewRun({
    ...options,
    volume: resolve(options.volume),
    say: (message) => void process.stderr.write(`${message}\n`),
    onProgress: (seen, total) => {
      progress ??= createProgress('dry run', total, process.stderr);
      progress.update(seen, '');
    },
  });
  progress?.stop();
  process.stderr.write('Nothing was written.\n');
  process.stdout.write(`${JSON.stringify(counts, null, 2)}\n`);
}
