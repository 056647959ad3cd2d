import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestServer } from '#db/embedded/open.ts';
import { loadEnv } from '#lib/env.ts';
import { buildConsole } from '../supervisor/server/build-console.ts';
import { ensureBrowser } from './browser.ts';
import { runTool, type Tool } from './run-tool.ts';
import { type Tally, tallyOfCheck, tallyOfReport } from './tally.ts';

/** One part of the verification. It throws an error for people where it cannot run at all. */
export type Step = { name: string; run(signal: AbortSignal): Promise<Tally> };

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const e2eReport = `${root}.data/test/e2e.json`;
const vitestReport = `${root}.data/test/vitest.json`;

/**
 * The steps of a run. Without `filters` it is everything: what CI runs. With them, only the tests they name:
 * paths in e2e/ go to the browser tests, all else, options included, to vitest.
 */
export function listSteps(filters: string[], e2e: boolean): Step[] {
  const browserFilters = filters.filter((filter) => filter.startsWith('e2e/'));
  const otherFilters = filters.filter((filter) => !browserFilters.includes(filter));
  const everything = filters.length === 0;
  return [
    ...(everything ? staticChecks : []),
    ...(everything || otherFilters.length > 0 ? [vitest(otherFilters)] : []),
    ...(e2e && (everything || browserFilters.length > 0) ? [build, playwright(browserFilters)] : []),
  ];
}

const staticChecks: Step[] = [
  check('route types', 'next', ['typegen']),
  check('type check', 'tsc', ['--noEmit']),
  check('lint and format', 'biome', ['check', '--error-on-warnings']),
];

function check(name: string, tool: Tool, args: string[]): Step {
  return { name, run: async (signal) => tallyOfCheck(await runTool(tool, args, signal)) };
}

function vitest(filters: string[]): Step {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
  return {
    name: 'unit and database tests',
    run: async (signal) => {
      prepare(vitestReport);
      const code = await runTool('vitest', ['run', ...reporters, ...filters], signal);
      // Vitest runs no teardown when it is interrupted, so its server would stay behind.
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
      prepare(e2eReport);
      const code = await runTool('playwright', ['test', '--pass-with-no-tests', ...filters], signal);
      return tallyOfReport('playwright', e2eReport, code);
    },
  };
}

/** A report of an earlier run must not be taken for one of this. */
function prepare(report: string): void {
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
}
