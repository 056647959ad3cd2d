import { fileURLToPath } from 'node:url';
import { defineCommand, runProgram } from './cli/command.ts';
import { buildConsole } from './supervisor/server/build-console.ts';

const program = defineCommand(
  'build',
  'Builds the console; npm start does this when its sources have changed.',
  [''],
);
const root = fileURLToPath(new URL('..', import.meta.url));

await runProgram(program, (signal) => buildConsole(root, signal));
