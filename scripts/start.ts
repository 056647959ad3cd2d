import { defineCommand, runUntilStopped } from './cli/command.ts';
import { start } from './supervisor/start.ts';
import { addStartOptions, type StartOptions } from './supervisor/start-context.ts';

const program = addStartOptions(
  defineCommand(
    'start',
    'Runs the whole system until Ctrl-C; the first start creates everything that it needs.',
    ['', '--location all --days 7', '--no-simulate', '--host 0.0.0.0'],
  ),
);

await runUntilStopped(program, (stop) =>
  start({ ...program.opts<Omit<StartOptions, 'dev'>>(), dev: false }, stop),
);
