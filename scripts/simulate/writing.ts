import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { systemClock } from '#lib/clock.ts';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { createProgress } from '#lib/progress.ts';
import { faultKinds, parseFaultRates } from '#lib/simulator/faults/kinds.ts';
import { type SimulateOptions, simulate } from '#lib/simulator/run.ts';
import type { SimulateReport, SimulateTools } from '#lib/simulator/run-over-volume.ts';
import { readCount, readInstant } from '../arguments.ts';
import type { Choose } from './choices.ts';
import { readSpeed } from './read-speed.ts';

type Options = Omit<SimulateOptions, 'volume' | 'faults'> & {
  volume?: string;
  json: boolean;
  fault: string[];
};

/** The program's own work, without a subcommand. */
export function addWriting(program: Command, choose: Choose): void {
  program
    .addOption(new Option('--days <n>', 'how far back a new volume begins').argParser(readCount).default(3))
    .option('--location <code>', 'the code of a location, or all', 'all')
    .addOption(new Option('--seed <n>', 'what all chance follows from (default: 1)').argParser(readCount))
    .addOption(
      new Option('--fault <name=rate>', 'what befalls events, several times: see below')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(directory('--dimensions <dir>', 'the directory of the six dimension files', 'dimensional'))
    .addOption(directory('--configs <dir>', 'the directory of the location configs', 'locations'));
  const kinds = Object.entries(faultKinds).map(([name, what]) => `  ${name.padEnd(16)}${what}\n`);
  program.addHelpText('after', `\nFaults, each with the share of events that it befalls:\n${kinds.join('')}`);
  addTimeOptions(program).action((options: Options) => choose((signal) => run(options, signal)));
}

function directory(flag: string, what: string, name: string): Option {
  return new Option(flag, what).default(join(import.meta.dirname, '../../data', name), `data/${name}`);
}

/** How a run goes through time, where it writes to, and how it says what it did. */
export function addTimeOptions(program: Command): Command {
  return program
    .addOption(new Option('--live', 'go on with the clock until stopped').default(false))
    .addOption(
      new Option('--speed <factor>', 'simulated time for a second of the wall, such as 60x; or wall')
        .argParser(readSpeed)
        .implies({ live: true }),
    )
    .addOption(
      new Option('--now <instant>', 'what the simulated clock shows at the start')
        .argParser(readInstant)
        .implies({ live: true }),
    )
    .addOption(
      new Option('--flush-seconds <n>', 'how often live events are written').argParser(readCount).default(1),
    )
    .addOption(
      new Option('--until <instant>', 'where to end, instead of now')
        .argParser(readInstant)
        .conflicts(['live', 'speed', 'now']),
    )
    .option('--volume <dir>', 'the directory of the event files')
    .option('--json', 'print the counts as JSON', false);
}

export function createTools(signal: AbortSignal): SimulateTools {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  return { clock: systemClock, signal, say, showProgress: createProgress };
}

export function printReports(reports: SimulateReport[], json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(reports)}\n` : reports.map(describe).join(''));
}

const collect = (text: string, earlier: string[]) => [...earlier, text];

async function run({ json, volume, fault, ...rest }: Options, signal: AbortSignal): Promise<void> {
  const options = { ...rest, faults: parseFaultRates(fault) };
  const where = volume ?? volumeDirectory(loadEnv());
  printReports(await simulate({ ...options, volume: where }, createTools(signal)), json);
}

function describe({ location, orders, events, files, position }: SimulateReport): string {
  return `${location}: ${orders} orders, ${events} events in ${files} files, complete up to ${position}\n`;
}
