import type { Command } from 'commander';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { countFaults } from '#lib/simulator/index.ts';
import { addSubcommand, type Choose } from './choices.ts';

type Options = { volume?: string; json: boolean };

/** The subcommand that says which faults a volume holds. */
export function addFaults(program: Command, choose: Choose): void {
  addSubcommand(program, 'faults', 'Counts the faults that were put into the event files.', ['faults --json'])
    .option('--volume <dir>', 'the directory of the event files')
    .option('--json', 'print the counts as JSON', false)
    .action((options: Options) => choose(() => print(options)));
}

async function print({ volume, json }: Options): Promise<void> {
  const counts = await countFaults(volume ?? volumeDirectory(loadEnv()));
  const lines = Object.entries(counts).map(([kind, count]) => `${kind}: ${count.toLocaleString('en')}\n`);
  process.stdout.write(json ? `${JSON.stringify(counts)}\n` : lines.join(''));
}
