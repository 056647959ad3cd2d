import { Argument, type Command, Option } from 'commander';
import { systemClock } from '#lib/clock.ts';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { messageOf } from '#lib/errors.ts';
import type { ControlRequest, SimulatorStatus, Speed } from '#lib/simulator/index.ts';
import { askRunning, listPositions, listRunning, scenarioNames } from '#lib/simulator/index.ts';
import { parseDuration, parseInstant } from '../cli/arguments.ts';
import { addSubcommand, type Choose } from './choices.ts';
import { describeIdle, describeStatus } from './describe-status.ts';
import { readScenario } from './read-scenario.ts';
import { readSpeed } from './read-speed.ts';

type Options = { volume?: string; json: boolean };
type ScenarioOptions = { location: string; start?: Date; for: number };

/** The subcommands that ask the running simulator, also the one that `npm start` runs. */
export function addControls(program: Command, choose: Choose): void {
  const control = (usage: string, description: string, examples: string[]) =>
    addSubcommand(program, usage, description, examples)
      .option('--volume <dir>', 'the directory of the event files')
      .option('--json', 'print how it stands as JSON', false);
  const ask = (request: ControlRequest, options: Options) =>
    choose(async () => print(await askRunning(volumeOf(options), request), options));

  control('status', 'Says which simulator is running, and how far it is.', [
    'status',
    'status --json',
  ]).action((options: Options) => choose(async () => print(await listRunning(volumeOf(options)), options)));
  control('pause', 'Lets simulated time stand still.', ['pause']).action((options: Options) =>
    ask({ ask: 'pause' }, options),
  );
  control('resume', 'Lets it go on; in step with the wall, it catches up.', ['resume']).action(
    (options: Options) => ask({ ask: 'resume' }, options),
  );
  control('step', 'Moves paused time on by a length, and writes what happens.', ['step', 'step 1h'])
    .addArgument(
      new Argument('[length]', 'such as 90s, 15m, 2h').argParser(parseDuration).default(60_000, '1m'),
    )
    .action((ms: number, options: Options) => ask({ ask: 'step', ms }, options));
  control('scenario', 'Lets something happen to a location, in simulated time.', [
    'scenario storm --location portland --for 2h',
    'scenario kitchen-outage --location all --start 2026-03-09T18:00:00Z --for 45m',
  ])
    .argument('<name>', Object.keys(scenarioNames).join(', '))
    .option('--location <code>', 'the code of a location, or all', 'all')
    .addOption(new Option('--start <instant>', 'when it begins (default: now)').argParser(parseInstant))
    .addOption(
      new Option('--for <length>', 'such as 45m, 2h').argParser(parseDuration).default(3_600_000, '1h'),
    )
    .action((name: string, options: Options & ScenarioOptions, command: Command) =>
      ask({ ask: 'scenario', wish: orRefuse(command, () => readScenario(name, options)) }, options),
    );
  control('speed', 'Changes how fast simulated time goes from here on.', ['speed 60x', 'speed wall'])
    .addArgument(
      new Argument('<factor>', 'such as 1x, 60x, 3600x; or wall: in step with it').argParser(readSpeed),
    )
    .action((speed: Speed, options: Options) => ask({ ask: 'speed', speed }, options));
}

/** A wrong argument that is found only when all of them are read. */
function orRefuse<Value>(command: Command, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    return command.error(`error: ${messageOf(error)}`);
  }
}

function volumeOf({ volume }: Options): string {
  return volume ?? volumeDirectory(loadEnv());
}

async function print(running: SimulatorStatus[], options: Options): Promise<void> {
  const now = systemClock.now();
  const described = running.map((status) => describeStatus(status, now)).join('');
  const text = described || describeIdle(volumeOf(options), await listPositions(volumeOf(options)));
  process.stdout.write(options.json ? `${JSON.stringify(running)}\n` : text);
}
