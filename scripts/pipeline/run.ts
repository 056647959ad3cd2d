import { InvalidArgumentError, Option } from 'commander';
import { sleep } from '#lib/clock.ts';
import { volumeDirectory } from '#lib/env.ts';
import { OperatorError, UsageError } from '#lib/errors.ts';
import { defaultLimits } from '#lib/pipeline/options.ts';
import { createBatchReport } from '#lib/pipeline/report.ts';
import { runPipeline } from '#lib/pipeline/run.ts';
import { defineCommand, runCommand } from '../command.ts';
import { describeVerbs } from './describe-verbs.ts';
import { verbs } from './verbs.ts';

type Options = { once?: true; continuous?: true; volume?: string; maxFiles?: number };

const examples = ['--once', '--once --volume /data/events --max-files 100', '--continuous'];
const program = defineCommand('pipeline', 'Moves event files through bronze, silver and gold.', examples)
  .addHelpText('after', describeVerbs(verbs))
  .addOption(new Option('--once', 'take the files that are there and end').conflicts('continuous'))
  .addOption(new Option('--continuous', 'go on with new files until stopped'))
  .addOption(new Option('--volume <dir>', 'the directory of the event files'))
  .addOption(new Option('--max-files <n>', 'files in one batch at most').argParser(readCount));

await runCommand<Options>(
  program,
  async ({ options, env, database, clock, signal }) => {
    if (!options.once && !options.continuous) throw new UsageError('Say --once or --continuous.');
    const mode = options.continuous ? 'continuous' : 'once';
    const volume = options.volume ?? volumeDirectory(env);
    const limits = { ...defaultLimits, maxFiles: options.maxFiles ?? defaultLimits.maxFiles };
    const report = createBatchReport(mode, process.stderr);
    const counts = await runPipeline({ db: database, volume, mode, limits, clock, sleep, signal, ...report });
    report.stop();
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    if (mode === 'once') signal.throwIfAborted();
    if (counts.failures.length > 0)
      throw new OperatorError(`${counts.failures.length} files could not be read and are left for later.`);
  },
  { max: 2, statementTimeoutMs: 0 },
);

function readCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
