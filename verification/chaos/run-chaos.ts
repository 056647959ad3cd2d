import { openDatabaseServer } from '#db/embedded/open.ts';
import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import { openLab } from './lab.ts';
import type { ChaosOutcome } from './part.ts';
import { type PartName, parts } from './parts.ts';

export type ChaosOptions = {
  env: Env;
  log: Log;
  only: readonly PartName[];
  seed: number;
  /** Instead of how often each part does its harm by itself. */
  times: number | undefined;
  signal: AbortSignal;
  say(message: string): void;
};

/** A part as it is reported, with its first problems; `goal` is what holds where there is none. */
export type ChaosReport = ChaosOutcome & { part: PartName; seed: number; seconds: number; goal: string };

const SHOWN = 20;

/** Does every chosen harm to pipelines of its own and judges what is left; `report` gets each part as it is done. */
export async function runChaos(options: ChaosOptions, report: (part: ChaosReport) => void): Promise<number> {
  const { env, log, only, seed, signal } = options;
  const server = await openDatabaseServer(env, log);
  let problems = 0;
  try {
    const lab = await openLab(server.url);
    for (const part of only) {
      signal.throwIfAborted();
      const { goal, times, run } = parts[part];
      const started = performance.now();
      const say = (message: string) => options.say(`${part}: ${message}`);
      const outcome = await run({ lab, seed, times: options.times ?? times, signal, say });
      const seconds = Math.round((performance.now() - started) / 1000);
      problems += outcome.problems.length;
      const first = outcome.problems.slice(0, SHOWN);
      report({ part, seed, seconds, goal, ...outcome, problems: first });
    }
  } finally {
    await server.release();
  }
  return problems;
}
