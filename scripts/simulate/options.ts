import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '#lib/clock.ts';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { createProgress, createStatusLine } from '#lib/progress.ts';
import {
  CONTROL_LIMITS,
  type ScenarioRequest,
  type Speed,
  scenarioRequestSchema,
} from '#lib/simulator/control.ts';
import type { SimulateReport, SimulateTools } from '#lib/simulator/index.ts';
import { parseCount, parseDuration, parseInstant } from '../cli/arguments.ts';

export type Work = (signal: AbortSignal) => Promise<void>;
/** Sets the work of the command; it runs after all arguments are parsed. */
export type SetWork = (work: Work) => void;

/** Adds a subcommand with its examples. */
export function addSubcommand(
  program: Command,
  usage: string,
  description: string,
  examples: string[],
): Command {
  const shown = examples.map((example) => `  $ npm run simulate -- ${example}`).join('\n');
  return program.command(usage).description(description).addHelpText('after', `\nExamples:\n${shown}`);
}

/** Adds the options for the volume, the time and the output of a run. */
export function addTimeOptions(program: Command): Command {
  return program
    .addOption(new Option('--live', 'continue with the clock until stopped').default(false))
    .addOption(
      new Option('--speed <factor>', 'simulated time per real time, such as 60x; or wall')
        .argParser(parseSpeed)
        .implies({ live: true }),
    )
    .addOption(
      new Option(
        '--now <instant>',
        'the simulated time, instead of that of the clock: where a run ends, and a live one goes on',
      ).argParser(parseInstant),
    )
    .addOption(
      new Option('--flush-seconds <n>', 'how often live events are written').argParser(parseCount).default(1),
    )
    .addOption(
      new Option('--until <instant>', 'the end of the run, instead of now')
        .argParser(parseInstant)
        .conflicts(['live', 'speed', 'now']),
    )
    .option('--volume <dir>', 'the directory of the event files')
    .option('--json', 'print the counts as JSON', false);
}

/** `--fault name=rate`, which may be repeated. */
export function createFaultOption(help: string): Option {
  return new Option('--fault <name=rate>', `the share of events with a fault, repeatable: ${help}`)
    .argParser((text: string, earlier: string[]) => [...earlier, text])
    .default([], 'none');
}

/** Parses a speed such as 60, 60x or wall. @throws InvalidArgumentError */
export function parseSpeed(text: string): Speed {
  if (text === 'wall') return text;
  const { minSpeed, maxSpeed } = CONTROL_LIMITS;
  const factor = /^\d+(\.\d+)?[x×]?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (factor >= minSpeed && factor <= maxSpeed) return factor;
  const range = `from ${minSpeed} to ${maxSpeed.toLocaleString('en')}`;
  throw new InvalidArgumentError(`It must be a factor ${range} such as 60x, or wall.`);
}

/** Parses `name,location,start,length` and adds it to the earlier ones. @throws InvalidArgumentError */
export function collectScenario(text: string, earlier: ScenarioRequest[]): ScenarioRequest[] {
  const [name, location, start, length, ...more] = text.split(',');
  if (!length || more.length > 0) throw new InvalidArgumentError('It must be name,location,start,length.');
  return [
    ...earlier,
    parseScenario(name, { location, start: parseInstant(start ?? ''), for: parseDuration(length) }),
  ];
}

/** @throws InvalidArgumentError for an unknown name or an invalid length. */
export function parseScenario(
  name: string | undefined,
  { location, start, for: length }: { location: string | undefined; start?: Date | undefined; for: number },
): ScenarioRequest {
  const parsed = scenarioRequestSchema.safeParse({
    name,
    location,
    start: start?.toISOString(),
    length_ms: length,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidArgumentError(`The ${issue?.path[0] === 'name' ? 'name' : 'scenario'} ${issue?.message}.`);
}

/** The volume of the command line, or the default one. */
export function resolveVolume({ volume }: { volume?: string | undefined }): string {
  return volume ?? volumeDirectory(loadEnv());
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
