import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseFaultRates, type ReplayOptions, replay } from '#lib/simulator/index.ts';
import {
  addSubcommand,
  addTimeOptions,
  createFaultOption,
  createTools,
  printReports,
  resolveVolume,
  type SetWork,
} from './options.ts';

type Options = Omit<ReplayOptions, 'volume' | 'faults' | 'directory'> & {
  volume?: string;
  json: boolean;
  fault: string[];
};

const examples = [
  'replay /data/canonical --start-day 70 --volume /tmp/replayed',
  'replay /data/canonical --live --speed 60x --volume /tmp/replayed',
];

export function addReplayCommand(program: Command, setWork: SetWork): void {
  const description = 'Replays a recorded dataset with current timestamps, repeatedly.';
  const command = addSubcommand(program, 'replay', description, examples)
    .argument('<dir>', 'the directory of events.parquet and the dimension files')
    .option('--location <code>', 'the code of a location, several separated by commas, or all', 'all')
    .addOption(
      new Option(
        '--start-day <n>',
        'the recorded day that is played today (default: 70, or the last)',
      ).argParser(parseDay),
    )
    .addOption(createFaultOption('see simulate --help'));
  addTimeOptions(command).action((directory: string, options: Options) =>
    setWork((signal) => run(directory, options, signal)),
  );
}

async function run(directory: string, { json, fault, ...rest }: Options, signal: AbortSignal): Promise<void> {
  const options = { ...rest, directory, volume: resolveVolume(rest), faults: parseFaultRates(fault) };
  printReports(await replay(options, createTools(signal)), json);
}

function parseDay(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return Number(text);
}
