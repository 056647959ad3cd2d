import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestServer } from '#db/embedded/open.ts';
import { loadEnv } from '#lib/env.ts';
import { messageOf } from '#lib/errors.ts';
import { buildConsole } from '../supervisor/server/build-console.ts';
import { ensureBrowser } from './browser.ts';
import { runTool, type Tool } from './run-tool.ts';
import { formatTally, sumTallies, type Tally, tallyOfCheck, tallyOfReport } from './tally.ts';

/** One part of the verification. `run` throws an error for people where it cannot run at all. */
export type Step = { name: string; run(signal: AbortSignal): Promise<Tally> };

const root = fileURLToPath(new URL('../../', import.meta.url));
const e2eReport = `${root}.data/test/e2e.json`;
const vitestReport = `${root}.data/test/vitest.json`;

/**
 * The steps of a run. Without `filters` it is everything, as in CI. With them, only the tests that they name: `e2e` and
 * paths in it are browser tests, everything else, options included, is passed to vitest.
 */
export function listSteps(filters: string[], e2e: boolean): Step[] {
  const browserFilters = filters.filter((filter) => /^e2e(\/|$)/.test(filter));
  const otherFilters = filters.filter((filter) => !browserFilters.includes(filter));
  const everything = filters.length === 0;
  return [
    ...(everything ? [routeTypes, staticChecks] : []),
    ...(everything || otherFilters.length > 0 ? [vitest(otherFilters)] : []),
    ...(e2e && (everything || browserFilters.length > 0) ? [build, playwright(browserFilters)] : []),
  ];
}

const routeTypes: Step = { name: 'route types', run: (signal) => runCheck('next', ['typegen'], signal) };

/** The type checker and the linter each use one processor for most of their time, so they run side by side. */
const staticChecks: Step = {
  name: 'type check, lint and format',
  run: async (signal) =>
    sumTallies(
      await Promise.all([
        runCheck('tsc', ['--noEmit'], signal),
        runCheck('biome', ['check', '--error-on-warnings'], signal),
      ]),
    ),
};

async function runCheck(tool: Tool, args: string[], signal: AbortSignal): Promise<Tally> {
  return tallyOfCheck(await runTool(tool, args, signal));
}

function vitest(filters: string[]): Step {
  const skipped = `${root}scripts/testing/skipped-reporter.ts`;
  const reporters = ['default', 'json', skipped].map((reporter) => `--reporter=${reporter}`);
  return {
    name: 'unit and database tests',
    run: async (signal) => {
      prepareReport(vitestReport);
      const args = ['run', ...reporters, `--outputFile.json=${vitestReport}`, ...filters];
      const code = await runTool('vitest', args, signal);
      // Vitest runs no teardown when it is interrupted, so the test server would keep running.
      if (signal.aborted) await (await openTestServer(loadEnv())).release();
      return tallyOfReport('vitest', vitestReport, code);
    },
  };
}

const build: Step = {
  name: 'build of the console',
  run: async (signal) => {
    await buildConsole(root, signal);
    return tallyOfCheck(0);
  },
};

function playwright(filters: string[]): Step {
  return {
    name: 'browser tests',
    run: async (signal) => {
      await ensureBrowser(signal);
      prepareReport(e2eReport);
      const code = await runTool('playwright', ['test', '--pass-with-no-tests', ...filters], signal);
      return tallyOfReport('playwright', e2eReport, code);
    },
  };
}

/** Removes the report of an earlier run, which must not be taken for that of this run. */
function prepareReport(report: string): void {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
}

/** Runs all steps in order, even after a failure, until `signal` aborts; reports how each went. @returns the sum. */
export async function runSteps(
  steps: Step[],
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<Tally> {
  const outcomes: { name: string; tally: Tally; seconds: number }[] = [];
  for (const [index, step] of steps.entries()) {
    if (signal.aborted) break;
    print(`\n── ${index + 1}/${steps.length} ${step.name}`);
    const started = performance.now();
    const tally = await step.run(signal).catch((error: unknown) => {
      print(messageOf(error));
      return tallyOfCheck(1);
    });
    outcomes.push({ name: step.name, tally, seconds: (performance.now() - started) / 1000 });
  }
  print('');
  for (const { name, tally, seconds } of outcomes)
    print(`${tally.failed > 0 ? '✗' : '✓'} ${name}: ${formatTally(tally)} (${seconds.toFixed(1)} s)`);
  return sumTallies(outcomes.map(({ tally }) => tally));
}
