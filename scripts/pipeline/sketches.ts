import { InvalidArgumentError } from 'commander';
import { measureSketches } from '#lib/pipeline/index.ts';
import { createProgress } from '#lib/progress.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { sets: number; largest: number; seed: number };

const description = 'Measures how far approximate counts are off, over seeded sets from 1,024 values on.';
const program = defineCommand('pipeline sketches', description, [
  '',
  '--sets 1000 --largest 1000000 --seed 1',
])
  .option('--sets <n>', 'how many sets', parseCount, 100)
  .option('--largest <n>', 'values of a set at most', readSize, 100_000)
  .option('--seed <n>', 'what the sets follow from', parseCount, 1);

await runCommand<Options>(
  program,
  async ({ options, database, signal }) => {
    const progress = createProgress('sketches', options.sets);
    const onSet = (done: number, { mean, worst }: { mean: number; worst: number }) =>
      progress.update(done, `mean ${percent(mean)}, worst ${percent(worst)}`);
    const error = await measureSketches(database, { ...options, signal, onSet });
    progress.stop();
    process.stdout.write(`${JSON.stringify(error)}\n`);
    signal.throwIfAborted();
  },
  { max: 1, statementTimeoutMs: 0 },
);

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function readSize(text: string): number {
  if (!/^[1-9]\d{3,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1000.');
  return Number(text);
}
