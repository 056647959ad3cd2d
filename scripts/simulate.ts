import { runProgram } from './cli/command.ts';
import { createProgram } from './simulate/program.ts';

const { program, work } = createProgram();
await runProgram(program, work);
