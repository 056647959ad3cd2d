import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import type { Figure } from '../figure.ts';
import { benchLive } from './bench-live.ts';
import { benchLoad } from './bench-load.ts';
import { type Comparison, compareServers } from './compare-servers.ts';
import { withTestbeds } from './testbed.ts';

type Options = { env: Env; log: Log; sizes: number[]; seconds: number };
type Report = (figure: Figure) => void;

const BASELINE = 'node:http and pg with ideal SQL';

/**
 * Measures the served build against the minimum that gives the same responses, with each number of recommendations:
 * requests a second and processor time of each kind of request, and how much slower a response is with the last number
 * of rows than with the first. Then how soon a new recommendation is visible, and a mix of requests at a fixed rate.
 */
export async function benchConsole(options: Options, report: Report): Promise<void> {
  await withTestbeds(options, async (testbeds) => {
    for (const [which, { what }] of (testbeds[0]?.requests ?? []).entries())
      reportComparisons(what, await compareServers(testbeds, which, options.seconds), report);
    for (const testbed of testbeds) {
      const figures = [...(await benchLive(testbed)), ...(await benchLoad(testbed, 6 * options.seconds))];
      figures.forEach(report);
    }
  });
}

function reportComparisons(what: string, comparisons: Comparison[], report: Report): void {
  for (const comparison of comparisons)
    reportComparison(`console, ${what}, ${comparison.testbed.size} rows`, comparison, report);
  const [first, last] = [comparisons[0], comparisons.at(-1)];
  if (first && last && first !== last) report(growth(`console, ${what}`, first, last));
}

function reportComparison(what: string, { console, baseline }: Comparison, report: Report): void {
  const figure = { count: console.count, unit: 'requests', seconds: console.seconds, baseline: BASELINE };
  const rate = ({ count, seconds }: { count: number; seconds: number }) => count / seconds;
  report({ ...figure, what, ratio: rate(baseline) / rate(console) });
  if (Number.isNaN(console.cpu + baseline.cpu)) return;
  const ratio = console.cpu / console.count / (baseline.cpu / baseline.count);
  report({ ...figure, what: `${what}, processor time`, seconds: console.cpu, ratio });
}

function growth(what: string, first: Comparison, last: Comparison): Figure {
  return {
    what: `${what}, a single client, ${last.testbed.size} rows`,
    count: 1,
    unit: 'request',
    seconds: last.aloneMs / 1000,
    baseline: `the same with ${first.testbed.size} rows`,
    ratio: last.aloneMs / first.aloneMs,
  };
}
