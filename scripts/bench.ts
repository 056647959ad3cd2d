import { InvalidArgumentError, Option } from 'commander';
import { loadEnv } from '#lib/env.ts';
import { createLog } from '#lib/log.ts';
import { benchConsole } from '#verification/bench/console/bench-console.ts';
import { benchHistory } from '#verification/bench/console/bench-history.ts';
import { describeFigure, type Figure } from '#verification/bench/figure.ts';
import { runBench } from '#verification/bench/run-bench.ts';
import { defineCommand, runProgram } from './cli/command.ts';

type Options = {
  days: number;
  json: boolean;
  console: boolean;
  rows: number[];
  seconds: number;
  history?: number[];
};

const examples = ['', '--days 90', '--console', '--console --rows 75000,750000', '--history 750000'];
const program = defineCommand('bench', 'Measures each stage against a baseline in the same run.', examples)
  .addOption(new Option('--days <n>', 'days of orders, of all locations').argParser(readDays).default(10))
  .option('--console', 'measure the served console instead of the stages; needs npm run build', false)
  .addOption(
    new Option('--rows <n,n>', 'numbers of recommendations, with --console')
      .argParser(readRows)
      .default([75_000]),
  )
  .addOption(
    new Option('--seconds <n>', 'for each kind of request, with --console').argParser(readDays).default(5),
  )
  .addOption(
    new Option('--history <n,n>', 'measure only the search of the history, with so many decisions').argParser(
      readRows,
    ),
  )
  .option('--json', 'print the figures as JSON lines', false);

await runProgram(program, async (signal) => {
  const options = program.opts<Options>();
  const env = loadEnv();
  const log = createLog('bench', 'warn');
  const report = (figure: Figure) => {
    process.stdout.write(`${options.json ? JSON.stringify(figure) : describeFigure(figure)}\n`);
  };
  const { days, rows: sizes, seconds } = options;
  if (options.history)
    for (const decisions of options.history) await benchHistory({ env, log, decisions }, report);
  else if (options.console) await benchConsole({ env, log, sizes, seconds }, report);
  else await runBench({ env, log, days, signal }, report);
});

function readRows(text: string): number[] {
  if (!/^[1-9]\d{3,7}(,[1-9]\d{3,7})*$/.test(text))
    throw new InvalidArgumentError('It must be numbers of at least 1000, separated by commas.');
  return text.split(',').map(Number);
}

function readDays(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(text);
}
