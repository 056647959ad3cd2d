import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type ScenarioRequest, scenarioKinds } from '#lib/simulator/control.ts';
import {
  faultKinds,
  type PlanReport,
  parseFaultRates,
  planSimulate,
  type SimulateOptions,
  simulate,
} from '#lib/simulator/index.ts';
import { parseCount } from '../cli/arguments.ts';
import {
  addTimeOptions,
  collectScenario,
  createFaultOption,
  createTools,
  printReports,
  resolveVolume,
  type SetWork,
} from './options.ts';

type Options = Omit<SimulateOptions, 'volume' | 'faults' | 'scenarios'> & {
  volume?: string;
  json: boolean;
  dryRun: boolean;
  fault: string[];
  scenario: ScenarioRequest[];
};

/** Adds the work of the program without a subcommand: writing events. */
export function addWriteCommand(program: Command, setWork: SetWork): void {
  program
    .addOption(
      new Option('--days <n>', 'how many days before now a new volume begins')
        .argParser(parseCount)
        .default(3),
    )
    .option('--location <code>', 'the code of a location, several separated by commas, or all', 'all')
    .addOption(new Option('--seed <n>', 'the seed of all random choices (default: 1)').argParser(parseCount))
    .addOption(createFaultOption('see below'))
    .addOption(
      new Option('--scenario <scenario>', 'name,location,start,length, repeatable: see below')
        .argParser(collectScenario)
        .default([], 'none'),
    )
    .addOption(createDirectoryOption('--dimensions <dir>', 'of the six dimension files', 'dimensional'))
    .addOption(createDirectoryOption('--configs <dir>', 'of the location configs', 'locations'))
    .option('--dry-run', 'report what would be written, and write nothing', false)
    .option('--roads <file>', 'a road network file of build-roads, for a run with one location')
    .addHelpText('after', `\nFaults:\n${list(faultKinds)}`)
    .addHelpText('after', `Scenarios:\n${list(scenarioKinds)}`);
  addTimeOptions(program).action((options: Options) => {
    const [unknown] = program.args;
    const known = program.commands.map((command) => command.name()).join(', ');
    if (unknown !== undefined) program.error(`error: unknown command '${unknown}'; choose one of ${known}`);
    setWork((signal) => run(options, signal));
  });
}

async function run({ json, dryRun, fault, scenario, ...rest }: Options, signal: AbortSignal): Promise<void> {
  const volume = resolveVolume(rest);
  const options = { ...rest, volume, faults: parseFaultRates(fault), scenarios: scenario };
  const tools = createTools(signal);
  if (dryRun) printPlan(await planSimulate(options, tools), volume, json);
  else printReports(await simulate(options, tools), json);
}

function createDirectoryOption(flag: string, content: string, name: string): Option {
  const path = join(import.meta.dirname, '../../data', name);
  return new Option(flag, `the directory ${content}`).default(path, `data/${name}`);
}

const list = (descriptions: Record<string, string>) =>
  Object.entries(descriptions)
    .map(([name, description]) => `  ${name.padEnd(17)}${description}\n`)
    .join('');

function printPlan(plan: PlanReport[], volume: string, json: boolean): void {
  const sum = (key: keyof Amounts) => plan.reduce((total, location) => total + location[key], 0);
  const total = { orders: sum('orders'), events: sum('events'), files: sum('files'), bytes: sum('bytes') };
  const lines = plan.map(
    (each) =>
      `${each.location} (seed ${each.seed}): ${countDays(each)} days, ${each.from} to ${each.to}: ${describe(each)}\n`,
  );
  const text = `${lines.join('')}all: ${describe(total)} into ${volume}; nothing was written\n`;
  process.stdout.write(json ? `${JSON.stringify(plan)}\n` : text);
}

type Amounts = Pick<PlanReport, 'orders' | 'events' | 'files' | 'bytes'>;

function describe({ orders, events, files, bytes }: Amounts): string {
  const count = (value: number) => value.toLocaleString('en');
  return `about ${count(orders)} orders, ${count(events)} events, ${count(files)} files, ${(bytes / 1e6).toFixed(1)} MB`;
}

function countDays({ from, to }: PlanReport): string {
  return ((Date.parse(to) - Date.parse(from)) / 86_400_000).toFixed(1);
}
