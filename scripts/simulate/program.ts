import type { Command } from 'commander';
import { defineChoices, type Work } from './choices.ts';
import { addControls } from './controls.ts';
import { addFaults } from './faults.ts';
import { addReplay } from './replay.ts';
import { addWriting } from './writing.ts';

/** The program `simulate` with its subcommands; `chosen` is the work that its arguments asked for. */
export function createProgram(): { program: Command; chosen: Work } {
  const { program, choose, chosen } = defineChoices();
  addWriting(program, choose);
  addReplay(program, choose);
  addControls(program, choose);
  addFaults(program, choose);
  // The program's own work takes none, and says which commands there are.
  program.allowExcessArguments();
  return { program, chosen };
}
