import { join } from 'node:path';
import { Option } from 'commander';
import { fixedClock, systemClock } from '#lib/clock.ts';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { createProgress } from '#lib/progress.ts';
import { type SimulateReport, simulate } from '#lib/simulator/run.ts';
import { readCount, readInstant } from './arguments.ts';
import { defineCommand, runProgram } from './command.ts';

const data = join(import.meta.dirname, '../data');
const examples = ['--days 3 --location portland --seed 1', '--location all --live'];
const program = defineCommand('simulate', 'Writes the events of simulated orders as files.', examples)
  .addOption(new Option('--days <n>', 'how far back a new volume begins').argParser(readCount).default(3))
  .option('--location <code>', 'the code of a location, or all', 'all')
  .addOption(new Option('--seed <n>', 'what all chance follows from (default: 1)').argParser(readCount))
  .addOption(new Option('--live', 'go on with the clock until stopped').default(false))
  .addOption(
    new Option('--flush-seconds <n>', 'how often live events are written').argParser(readCount).default(1),
  )
  .addOption(
    new Option('--until <instant>', 'where to end, instead of now').argParser(readInstant).conflicts('live'),
  )
  .addOption(
    new Option('--dimensions <dir>', 'the directory of the six dimension files').default(
      join(data, 'dimensional'),
      'data/dimensional',
    ),
  )
  .addOption(
    new Option('--configs <dir>', 'the directory of the location configs').default(
      join(data, 'locations'),
      'data/locations',
    ),
  )
  .option('--volume <dir>', 'the directory of the event files')
  .option('--json', 'print the counts as JSON', false);

await runProgram(program, async (signal) => {
  const { until, json, volume = volumeDirectory(loadEnv()), ...rest } = program.opts();
  const clock = until ? fixedClock(until) : systemClock;
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const options = {
    location: '',
    days: 0,
    live: false,
    flushSeconds: 1,
    dimensions: data,
    configs: data,
    ...rest,
    volume,
  };
  const reports = await simulate(options, { clock, signal, say, showProgress: createProgress });
  process.stdout.write(json ? `${JSON.stringify(reports)}\n` : reports.map(describe).join(''));
});

function describe({ location, orders, events, files, position }: SimulateReport): string {
  return `${location}: ${orders} orders, ${events} events in ${files} files, complete up to ${position}\n`;
}
