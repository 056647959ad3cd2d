import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import {
  faultKinds,
  parseFaultRates,
  planSimulate,
  type ScenarioWish,
  type SimulateOptions,
  scenarioNames,
  simulate,
} from '#lib/simulator/index.ts';
import { parseCount } from '../cli/arguments.ts';
import type { Choose } from './choices.ts';
import { printPlan } from './print-plan.ts';
import { collectScenario } from './read-scenario.ts';
import { addTimeOptions, createTools, printReports } from './time-options.ts';

type Given = { volume?: string; json: boolean; dryRun: boolean; fault: string[]; scenario: ScenarioWish[] };
type Options = Omit<SimulateOptions, 'volume' | 'faults' | 'scenarios'> & Given;

/** The program's own work, without a subcommand. */
export function addWriting(program: Command, choose: Choose): void {
  program
    .addOption(new Option('--days <n>', 'how far back a new volume begins').argParser(parseCount).default(3))
    .option('--location <code>', 'the code of a location, several with commas between, or all', 'all')
    .addOption(new Option('--seed <n>', 'what all chance follows from (default: 1)').argParser(parseCount))
    .addOption(
      new Option('--fault <name=rate>', 'what befalls events, several times: see below')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--scenario <what>', 'name,location,start,length of what happens, several times: see below')
        .argParser(collectScenario)
        .default([], 'none'),
    )
    .addOption(directory('--dimensions <dir>', 'the directory of the six dimension files', 'dimensional'))
    .addOption(directory('--configs <dir>', 'the directory of the location configs', 'locations'))
    .option('--dry-run', 'say what would be written, and write nothing', false)
    .option('--roads <file>', 'a road network of build-roads for the one location of this run')
    .addHelpText('after', `\nFaults, each with the share of events that it befalls:\n${list(faultKinds)}`)
    .addHelpText('after', `Scenarios:\n${list(scenarioNames)}`);
  addTimeOptions(program).action((options: Options) => {
    const [unknown] = program.args;
    const known = program.commands.map((command) => command.name()).join(', ');
    if (unknown !== undefined) program.error(`error: unknown command '${unknown}'; there are ${known}`);
    choose((signal) => run(options, signal));
  });
}

async function run(
  { json, dryRun, volume, fault, scenario: scenarios, ...rest }: Options,
  signal: AbortSignal,
): Promise<void> {
  const options = { ...rest, faults: parseFaultRates(fault), scenarios };
  const where = volume ?? volumeDirectory(loadEnv());
  const tools = createTools(signal);
  if (dryRun) return printPlan(await planSimulate({ ...options, volume: where }, tools), where, json);
  printReports(await simulate({ ...options, volume: where }, tools), json);
}

function directory(flag: string, what: string, name: string): Option {
  return new Option(flag, what).default(join(import.meta.dirname, '../../data', name), `data/${name}`);
}

const collect = (text: string, earlier: string[]) => [...earlier, text];

const list = (named: Record<string, string>) =>
  Object.entries(named)
    .map(([name, what]) => `  ${name.padEnd(17)}${what}\n`)
    .join('');
