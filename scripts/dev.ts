import { defineCommand, runUntilStopped } from './cli/command.ts';
import { start } from './supervisor/start.ts';
import { addStartOptions, type StartOptions } from './supervisor/start-context.ts';

const program = addStartOptions(
  defineCommand('dev', 'As start, with a console that reloads when its sources change.', [
    '',
    '--no-simulate',
  ]),
);

await runUntilStopped(program, (stop) =>
  start({ ...program.opts<Omit<StartOptions, 'dev'>>(), dev: true }, stop),
);
