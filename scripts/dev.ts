import { defineCommand, runUntilStopped } from './cli/command.ts';
import { start } from './supervisor/start.ts';
import { addStartOptions, readStartOptions } from './supervisor/start-options.ts';

const program = addStartOptions(
  defineCommand('dev', 'As start, with a console that follows every change of its sources.', [
    '',
    '--no-simulate',
  ]),
);

await runUntilStopped(program, (stop) => start({ ...readStartOptions(program), dev: true }, stop));
