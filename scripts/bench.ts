import { InvalidArgumentError, Option } from 'commander';
import { loadEnv } from '#lib/env.ts';
import { createLog } from '#lib/log.ts';
import { describeFigure } from './bench/figure.ts';
import { runBench } from './bench/run-bench.ts';
import { defineCommand, runProgram } from './command.ts';

const examples = ['', '--days 90'];
const program = defineCommand('bench', 'Times each stage against a baseline of the same run.', examples)
  .addOption(new Option('--days <n>', 'days of all locations').argParser(readDays).default(10))
  .option('--json', 'print the figures as JSON lines', false);

await runProgram(program, async (signal) => {
  const { days, json } = program.opts<{ days: number; json: boolean }>();
  const env = loadEnv();
  await runBench({ env, log: createLog('bench', 'warn'), days, signal }, (figure) => {
    process.stdout.write(`${json ? JSON.stringify(figure) : describeFigure(figure)}\n`);
  });
});

function readDays(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(text);
}
