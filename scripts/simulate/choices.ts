import type { Command } from 'commander';
import { defineCommand } from '../cli/command.ts';

export type Work = (signal: AbortSignal) => Promise<void>;
/** Remembers what the arguments ask for; it runs once all of them are read. */
export type Choose = (work: Work) => void;

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

/** The program `simulate`, whose subcommands say by `choose` what to do. */
export function defineChoices(): { program: Command; choose: Choose; chosen: Work } {
  let work: Work = async () => undefined;
  const program = defineCommand('simulate', 'Writes the events of simulated orders as files.', examples)
    .exitOverride()
    .enablePositionalOptions();
  return {
    program,
    choose: (chosen) => {
      work = chosen;
    },
    chosen: (signal) => work(signal),
  };
}

/** Adds a subcommand with examples of its own. */
export function addSubcommand(
  program: Command,
  usage: string,
  description: string,
  examples: string[],
): Command {
  const shown = examples.map((example) => `  $ npm run simulate -- ${example}`).join('\n');
  return program.command(usage).description(description).addHelpText('after', `\nExamples:\n${shown}`);
}
