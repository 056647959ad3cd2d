import { Argument, type Command, Option } from 'commander';
import { systemClock } from '#lib/clock.ts';
import { messageOf } from '#lib/errors.ts';
import {
  type ControlRequest,
  controlRunning,
  listPositions,
  listRunning,
  type SimulatorStatus,
  type Speed,
  scenarioKinds,
} from '#lib/simulator/control.ts';
import { countFaults } from '#lib/simulator/index.ts';
import { parseDuration, parseInstant } from '../cli/arguments.ts';
import { addSubcommand, parseScenario, parseSpeed, resolveVolume, type SetWork } from './options.ts';

type Options = { volume?: string; json: boolean };
type ScenarioOptions = { location: string; start?: Date; for: number };

/** Adds the subcommands that control the running simulator, including the one that `npm start` runs. */
export function addControlCommands(program: Command, setWork: SetWork): void {
  const define = (usage: string, description: string, examples: string[]) =>
    addSubcommand(program, usage, description, examples)
      .option('--volume <dir>', 'the directory of the event files')
      .option('--json', 'print the status as JSON', false);
  const send = (request: ControlRequest, options: Options) =>
    setWork(async () => printStatus(await controlRunning(resolveVolume(options), request), options));

  define('status', 'Shows the running simulator and its progress.', ['status', 'status --json']).action(
    (options: Options) =>
      setWork(async () => printStatus(await listRunning(resolveVolume(options)), options)),
  );
  define('pause', 'Pauses simulated time.', ['pause']).action((options: Options) =>
    send({ command: 'pause' }, options),
  );
  define('resume', 'Resumes simulated time; at speed wall it catches up.', ['resume']).action(
    (options: Options) => send({ command: 'resume' }, options),
  );
  define('step', 'Pauses, advances simulated time, and writes the events until then.', ['step', 'step 1h'])
    .addArgument(
      new Argument('[duration]', 'such as 90s, 15m, 2h').argParser(parseDuration).default(60_000, '1m'),
    )
    .action((ms: number, options: Options) => send({ command: 'step', ms }, options));
  define('scenario', 'Applies a scenario to a location, in simulated time.', [
    'scenario storm --location portland --for 2h',
    'scenario kitchen-outage --location all --start 2026-03-09T18:00:00Z --for 45m',
  ])
    .argument('<name>', Object.keys(scenarioKinds).join(', '))
    .option('--location <code>', 'the code of a location, or all', 'all')
    .addOption(new Option('--start <instant>', 'when it begins (default: now)').argParser(parseInstant))
    .addOption(
      new Option('--for <duration>', 'such as 45m, 2h').argParser(parseDuration).default(3_600_000, '1h'),
    )
    .action((name: string, options: Options & ScenarioOptions, command: Command) =>
      send({ command: 'scenario', scenario: parseOrFail(command, name, options) }, options),
    );
  define('speed', 'Changes the speed of simulated time.', ['speed 60x', 'speed wall'])
    .addArgument(
      new Argument('<factor>', 'such as 1x, 60x, 3600x; or wall to follow the wall clock').argParser(
        parseSpeed,
      ),
    )
    .action((speed: Speed, options: Options) => send({ command: 'speed', speed }, options));
}

export function addFaultsCommand(program: Command, setWork: SetWork): void {
  addSubcommand(program, 'faults', 'Counts the injected faults in the event files.', ['faults --json'])
    .option('--volume <dir>', 'the directory of the event files')
    .option('--json', 'print the counts as JSON', false)
    .action((options: Options) => setWork(() => printFaults(options)));
}

/** Parses a scenario after all options are known; commander checks only one argument at a time. */
function parseOrFail(command: Command, name: string, options: ScenarioOptions) {
  try {
    return parseScenario(name, options);
  } catch (error) {
    return command.error(`error: ${messageOf(error)}`);
  }
}

async function printStatus(running: SimulatorStatus[], options: Options): Promise<void> {
  const now = systemClock.now();
  const described = running.map((status) => describeStatus(status, now)).join('');
  const text = described || (await describeIdle(resolveVolume(options)));
  process.stdout.write(options.json ? `${JSON.stringify(running)}\n` : text);
}

function describeStatus({ pid, since, mode, clock, locations }: SimulatorStatus, now: Date): string {
  const isAhead = Date.parse(clock.at) > now.getTime() + 60_000;
  const wall = isAhead ? 'waiting for the wall clock' : 'following the wall clock';
  const speed = clock.speed === 'wall' ? wall : `at ${clock.speed}×`;
  const state = mode === 'backfill' ? 'backfill' : `live ${speed}${clock.paused ? ', paused' : ''}`;
  const head = `process ${pid} since ${since}: ${state}; simulated time ${clock.at}\n`;
  return head + locations.map(describeLocation).join('');
}

function describeLocation(status: SimulatorStatus['locations'][number]): string {
  const { location, position, orders, events, files, scenarios } = status;
  const written = `${format(orders)} orders, ${format(events)} events in ${format(files)} files by this run`;
  const lines = scenarios.map(
    ({ name, start, length_ms }) => `    ${name} from ${start} for ${length_ms / 60_000} minutes\n`,
  );
  return [`  ${location}: complete up to ${position}; ${written}\n`, ...lines].join('');
}

async function describeIdle(volume: string): Promise<string> {
  const lines = (await listPositions(volume)).map(
    ({ location, position }) => `  ${location}: complete up to ${position}\n`,
  );
  return `No simulator is running on ${volume}.\n${lines.join('')}`;
}

async function printFaults(options: Options): Promise<void> {
  const counts = await countFaults(resolveVolume(options));
  const lines = Object.entries(counts).map(([kind, count]) => `${kind}: ${format(count)}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(counts)}\n` : lines.join(''));
}

const format = (value: number) => value.toLocaleString('en');
