import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** How many checks passed, failed and were skipped. */
export type Tally = { passed: number; failed: number; skipped: number };

const vitestReport = z
  .object({
    numPassedTests: z.int(),
    numFailedTests: z.int(),
    numPendingTests: z.int(),
    numTodoTests: z.int(),
  })
  .transform(
    (report): Tally => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  );

const playwrightReport = z
  .object({
    stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
  })
  .transform(
    ({ stats }): Tally => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
    }),
  );

const reports = { vitest: vitestReport, playwright: playwrightReport };

/** A check that is one thing, such as the type check. */
export function tallyOfCheck(code: number): Tally {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * What a runner's JSON report counts. A run that failed without a failed test (a file that does not load, a crash)
 * or wrote no report counts as one failure more, so that nothing broken ever looks green.
 */
export function tallyOfReport(runner: keyof typeof reports, path: string, code: number): Tally {
  if (!existsSync(path)) return tallyOfCheck(code || 1);
  const tally = reports[runner].parse(JSON.parse(readFileSync(path, 'utf8')));
  return { ...tally, failed: code === 0 ? tally.failed : Math.max(tally.failed, 1) };
}

/** Adds tallies up. */
export function sumTallies(tallies: Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The line that a run ends with: "12 passed, 0 failed" and, where some were, ", 1 skipped". */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
