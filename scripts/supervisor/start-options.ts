import { type Command, Option } from 'commander';
import { readCount } from '../cli/arguments.ts';
import type { StartOptions } from './start-context.ts';

/** The arguments that `start` and `dev` share. */
export function addStartOptions(program: Command): Command {
  return program
    .option('--location <code>', 'whose orders to simulate: the code of a location, or all', 'portland')
    .addOption(
      new Option('--days <n>', 'days of orders that the first start makes').argParser(readCount).default(3),
    )
    .option('--no-simulate', 'make no orders; take in only what arrives in the volume')
    .option('--host <address>', 'the address that the console listens on', '127.0.0.1');
}

/** The values of those arguments. */
export function readStartOptions(program: Command): Omit<StartOptions, 'dev'> {
  return program.opts<Omit<StartOptions, 'dev'>>();
}
