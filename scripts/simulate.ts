import { runProgram } from './command.ts';
import { defineChoices } from './simulate/choices.ts';
import { addControls } from './simulate/controls.ts';
import { addFaults } from './simulate/faults.ts';
import { addReplay } from './simulate/replay.ts';
import { addWriting } from './simulate/writing.ts';

const { program, choose, chosen } = defineChoices();
addWriting(program, choose);
addReplay(program, choose);
addControls(program, choose);
addFaults(program, choose);
await runProgram(program, (signal) => chosen(signal));
