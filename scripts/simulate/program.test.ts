import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';

/** Parses arguments without running the command. */
function parse(args: string[]): { code: number; text: string } {
  const { program } = createProgram();
  let text = '';
  const write = (chunk: string) => {
    text += chunk;
  };
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeOut: write, writeErr: write });
  try {
    program.parse(args, { from: 'user' });
    return { code: 0, text };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { code: error.exitCode, text };
  }
}

test.each([
  [['--speed', '0'], 'It must be a factor from 0.01 to 100,000 such as 60x, or wall.'],
  [['--speed', 'warp'], 'It must be a factor'],
  [['speed', '1e9'], 'It must be a factor'],
  [['speed'], "missing required argument 'factor'"],
  [['step', '5'], 'It must be a duration such as 90s, 15m, 2h or 3d.'],
  [['--now', '2026-01-01', '--until', '2026-01-02'], 'cannot be used with'],
  [['--live', '--until', '2026-01-01'], "cannot be used with option '--live'"],
  [['rewind'], "unknown command 'rewind'"],
  [['--days', '0'], 'It must be a whole number of at least 1.'],
  [['--seed', 'x'], 'It must be a whole number of at least 1.'],
  [['--until', 'yesterday'], 'It must be an instant in ISO 8601.'],
  [['--scenario', 'storm,portland,2026-01-01T00:00:00Z'], 'It must be name,location,start,length.'],
  [
    ['--scenario', 'flood,portland,2026-01-01T00:00:00Z,1h'],
    'The name must be one of kitchen-outage, driver-strike',
  ],
  [['--scenario', 'storm,portland,2026-01-01T00:00:00Z,13h'], 'The scenario must last at most 12 hours.'],
  [['scenario', 'flood'], 'The name must be one of kitchen-outage'],
  [['scenario', 'storm', '--for', '1s'], 'The scenario must last at least a minute.'],
  [['replay'], "missing required argument 'dir'"],
  [['replay', 'x', '--start-day', '-1'], 'It must be a whole number of at least 0.'],
  [['--colour'], "unknown option '--colour'"],
])('%j is wrong usage', (args, message) => {
  const { code, text } = parse(args);
  expect(code).not.toBe(0);
  expect(text).toContain(message);
});

test.each([
  [[], '--days 3 --location portland --seed 1'],
  [['status'], 'status --json'],
  [['pause'], 'pause'],
  [['resume'], 'resume'],
  [['step'], 'step 1h'],
  [['speed'], 'speed 60x'],
  [['scenario'], 'scenario storm --location portland --for 2h'],
  [['faults'], 'faults --json'],
  [['replay'], 'replay /data/canonical --live --speed 60x'],
])('%j --help shows examples', (args, example) => {
  const { code, text } = parse([...args, '--help']);
  expect(code).toBe(0);
  expect(text).toContain(`$ npm run simulate -- ${example}`);
});
