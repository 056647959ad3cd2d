import { type Command, Option } from 'commander';
import { systemClock } from '#lib/clock.ts';
import { createProgress, createStatusLine } from '#lib/progress.ts';
import type { SimulateReport, SimulateTools } from '#lib/simulator/index.ts';
import { parseCount, parseInstant } from '../cli/arguments.ts';
import { readSpeed } from './read-speed.ts';

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
        .argParser(parseInstant)
        .implies({ live: true }),
    )
    .addOption(
      new Option('--flush-seconds <n>', 'how often live events are written').argParser(parseCount).default(1),
    )
    .addOption(
      new Option('--until <instant>', 'where to end, instead of now')
        .argParser(parseInstant)
        .conflicts(['live', 'speed', 'now']),
    )
    .option('--volume <dir>', 'the directory of the event files')
    .option('--json', 'print the counts as JSON', false);
}

export function createTools(signal: AbortSignal): SimulateTools {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  return { clock: systemClock, signal, say, showProgress: createProgress, statusLine: createStatusLine() };
}

export function printReports(reports: SimulateReport[], json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(reports)}\n` : reports.map(describe).join(''));
}

function describe({ location, orders, events, files, position }: SimulateReport): string {
  return `${location}: ${orders} orders, ${events} events in ${files} files, complete up to ${position}\n`;
}
