import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import type { Figure } from '../figure.ts';
import { benchLive } from './bench-live.ts';
import { benchLoad } from './bench-load.ts';
import { type Compared, compareSides } from './compare-sides.ts';
import { withStages } from './stage.ts';

type Options = { env: Env; log: Log; sizes: number[]; seconds: number };
type Report = (figure: Figure) => void;

const BASELINE = 'node:http and pg with ideal SQL';

/**
 * Measures the served build against the least that gives the same answers, with each number of recommendations:
 * requests a second and processor time for each, and how much longer an answer takes with the last number of rows
 * than with the first. Then how soon a new recommendation is seen, and how a mix of requests fares at a fixed rate.
 */
export async function benchConsole(options: Options, report: Report): Promise<void> {
  await withStages(options, async (stages) => {
    for (const [which, { what }] of (stages[0]?.questions ?? []).entries())
      reportCompared(what, await compareSides(stages, which, options.seconds), report);
    for (const stage of stages) {
      const figures = [...(await benchLive(stage)), ...(await benchLoad(stage, 6 * options.seconds))];
      figures.forEach(report);
    }
  });
}

function reportCompared(what: string, compared: Compared[], report: Report): void {
  for (const each of compared) compare(`console, ${what}, ${each.stage.size} rows`, each, report);
  const [first, last] = [compared[0], compared.at(-1)];
  if (first && last && first !== last) report(growth(`console, ${what}`, first, last));
}

function compare(what: string, { own, bare }: Compared, report: Report): void {
  const figure = { count: own.count, unit: 'requests', seconds: own.seconds, baseline: BASELINE };
  report({ ...figure, what, ratio: bare.count / bare.seconds / (own.count / own.seconds) });
  if (Number.isNaN(own.cpu + bare.cpu)) return;
  const ratio = own.cpu / own.count / (bare.cpu / bare.count);
  report({ ...figure, what: `${what}, processor time`, seconds: own.cpu, ratio });
}

function growth(what: string, first: Compared, last: Compared): Figure {
  return {
    what: `${what}, one answer at a time, ${last.stage.size} rows`,
    count: 1,
    unit: 'request',
    seconds: last.alone / 1000,
    baseline: `the same with ${first.stage.size} rows`,
    ratio: last.alone / first.alone,
  };
}
