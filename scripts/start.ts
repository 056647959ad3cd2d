import { defineCommand, runUntilStopped } from './cli/command.ts';
import { start } from './supervisor/start.ts';
import { addStartOptions, readStartOptions } from './supervisor/start-options.ts';

const program = addStartOptions(
  defineCommand('start', 'Runs the whole system until Ctrl-C; the first time it makes all that it needs.', [
    '',
    '--location all --days 7',
    '--no-simulate',
    '--host 0.0.0.0',
  ]),
);

await runUntilStopped(program, (stop) => start({ ...readStartOptions(program), dev: false }, stop));
