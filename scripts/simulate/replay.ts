import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { parseFaultRates, type ReplayOptions, replay } from '#lib/simulator/index.ts';
import { addSubcommand, type Choose } from './choices.ts';
import { addTimeOptions, createTools, printReports } from './time-options.ts';

type Options = Omit<ReplayOptions, 'volume' | 'faults' | 'directory'> & {
  volume?: string;
  json: boolean;
  fault: string[];
};

const examples = [
  'replay /data/canonical --start-day 70 --volume /tmp/replayed',
  'replay /data/canonical --live --speed 60x --volume /tmp/replayed',
];

/** The subcommand that plays a recorded dataset. */
export function addReplay(program: Command, choose: Choose): void {
  const command = addSubcommand(
    program,
    'replay',
    'Plays a recorded dataset as if it happened now, over and over.',
    examples,
  )
    .argument('<dir>', 'the directory of events.parquet and the dimension files')
    .option('--location <code>', 'the code of a location, or all', 'all')
    .addOption(
      new Option('--start-day <n>', 'the recorded day that is today (default: 70, or the last)').argParser(
        readDay,
      ),
    )
    .addOption(
      new Option('--fault <name=rate>', 'what befalls events, several times: see simulate --help')
        .argParser((text: string, earlier: string[]) => [...earlier, text])
        .default([], 'none'),
    );
  addTimeOptions(command).action((directory: string, options: Options) =>
    choose((signal) => run(directory, options, signal)),
  );
}

async function run(
  directory: string,
  { json, volume, fault, ...rest }: Options,
  signal: AbortSignal,
): Promise<void> {
  const where = volume ?? volumeDirectory(loadEnv());
  const options = { ...rest, directory, volume: where, faults: parseFaultRates(fault) };
  printReports(await replay(options, createTools(signal)), json);
}

function readDay(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0.');
  return Number(text);
}
