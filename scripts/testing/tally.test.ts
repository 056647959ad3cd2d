import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listSteps, runSteps } from './steps.ts';
import { formatTally, sumTallies, tallyOfCheck, tallyOfReport } from './tally.ts';

const directory = mkdtempSync(join(tmpdir(), 'caspers-tally-'));
afterAll(() => rmSync(directory, { recursive: true }));

function report(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

test('reads what vitest and Playwright report', () => {
  const unit = report('vitest.json', {
    numPassedTests: 7,
    numFailedTests: 2,
    numPendingTests: 1,
    numTodoTests: 1,
  });
  expect(tallyOfReport('vitest', unit, 1)).toEqual({ passed: 7, failed: 2, skipped: 2 });
  const e2e = report('e2e.json', { stats: { expected: 3, unexpected: 0, flaky: 1, skipped: 0 } });
  expect(tallyOfReport('playwright', e2e, 0)).toEqual({ passed: 4, failed: 0, skipped: 0 });
});

test('a runner that fails without a failed test, or leaves no report, is a failure', () => {
  const green = report('green.json', {
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  });
  expect(tallyOfReport('vitest', green, 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  expect(tallyOfReport('vitest', join(directory, 'none.json'), 0).failed).toBe(1);
});

test('says the sum in the form that ends a run', () => {
  const sum = sumTallies([tallyOfCheck(0), tallyOfCheck(2), { passed: 4, failed: 0, skipped: 3 }]);
  expect(formatTally(sum)).toBe('5 passed, 1 failed, 3 skipped');
  expect(formatTally(tallyOfCheck(0))).toBe('1 passed, 0 failed');
});

test('goes on past a step that fails or cannot run, and stops when told to', async () => {
  const stop = new AbortController();
  const said: string[] = [];
  const stopHere = async () => {
    stop.abort();
    return tallyOfCheck(0);
  };
  const steps = [
    { name: 'broken', run: async () => Promise.reject(new Error('no browser')) },
    { name: 'failing', run: async () => tallyOfCheck(1) },
    { name: 'last', run: stopHere },
    { name: 'never', run: async () => tallyOfCheck(0) },
  ];
  const sum = await runSteps(steps, stop.signal, (line) => said.push(line));
  expect(sum).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(said).toContain('no browser');
  expect(said.join('\n')).toMatch(/✗ broken: 0 passed, 1 failed .*\n✗ failing.*\n✓ last/);
  expect(said.join('\n')).not.toContain('never');
});

test('e2e, its folder and its files are browser tests, everything else is for vitest', () => {
  const names = (...filters: string[]) => listSteps(filters, true).map(({ name }) => name);
  for (const filter of ['e2e', 'e2e/', 'e2e/sign-in'])
    expect(names(filter)).toEqual(['build of the console', 'browser tests']);
  expect(names('lib/e2e', '-t', 'word')).toEqual(['unit and database tests']);
  expect(names()).toHaveLength(5);
});
