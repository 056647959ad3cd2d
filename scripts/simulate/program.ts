import type { Command } from 'commander';
import { defineCommand } from '../cli/command.ts';
import { addControlCommands, addFaultsCommand } from './control-commands.ts';
import type { SetWork, Work } from './options.ts';
import { addReplayCommand } from './replay-command.ts';
import { addWriteCommand } from './write-command.ts';

const examples = [
  '--days 3 --location portland --seed 1',
  '--location all --live',
  '--days 90 --dry-run',
  '--live --speed 60 --now 2026-03-01T12:00:00Z --volume /tmp/march',
  '--days 1 --fault duplicate=0.01 --fault late=0.002 --volume /tmp/faulty',
  '--days 2 --scenario storm,portland,2026-03-08T20:00:00Z,2h --until 2026-03-09T12:00:00Z',
  'status',
  'speed 3600x',
];

/** The program `simulate` with its subcommands. `work` runs what the parsed arguments request. */
export function createProgram(): { program: Command; work: Work } {
  let requested: Work = async () => undefined;
  const setWork: SetWork = (work) => {
    requested = work;
  };
  const program = defineCommand('simulate', 'Writes the events of simulated orders as files.', examples)
    .exitOverride()
    .enablePositionalOptions();
  addWriteCommand(program, setWork);
  addReplayCommand(program, setWork);
  addControlCommands(program, setWork);
  addFaultsCommand(program, setWork);
  // An unknown subcommand is an excess argument; the action of the write command reports it.
  program.allowExcessArguments();
  return { program, work: (signal) => requested(signal) };
}
