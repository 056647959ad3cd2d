import { InvalidArgumentError } from 'commander';
import { measureSketches } from '#lib/pipeline/index.ts';
import { createProgress } from '#lib/progress.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { sets: number; largest: number; seed: number };

const description =
  'Measures the error of approximate distinct counts, over seeded sets of at least 1,024 values.';
const program = defineCommand('pipeline sketches', description, [
  '',
  '--sets 1000 --largest 1000000 --seed 1',
])
  .option('--sets <n>', 'number of sets', parseCount, 100)
  .option('--largest <n>', 'size of the largest set', readSize, 100_000)
  .option('--seed <n>', 'seed of the random sets', parseCount, 1);

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
