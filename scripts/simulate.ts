import { runProgram } from './cli/command.ts';
import { createProgram } from './simulate/program.ts';

const { program, chosen } = createProgram();
await runProgram(program, (signal) => chosen(signal));
