import { openDatabaseServer } from '#db/embedded/open.ts';
import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import { decisions } from './decisions/decisions.ts';
import { facts } from './facts/facts.ts';
import { linearizable } from './linearizable/linearizable.ts';
import { mutations } from './mutations/mutations.ts';
import { passwords } from './passwords/passwords.ts';
import { connections } from './pipeline/connections.ts';
import { deliveries } from './pipeline/deliveries.ts';
import { disk } from './pipeline/disk.ts';
import { failpointKills } from './pipeline/failpoint-kills.ts';
import { halfOpen } from './pipeline/half-open.ts';
import { kills } from './pipeline/kills.ts';
import { serverKills } from './pipeline/server-kills.ts';
import { takeovers } from './pipeline/takeovers.ts';
import type { Experiment, Outcome } from './sandbox/experiment.ts';
import { prepareServer } from './sandbox/sandbox.ts';
import { syncKills } from './sync/sync-kills.ts';
import { syncLag } from './sync/sync-lag.ts';

/** Every experiment, in the order in which they run. */
export const experiments = {
  mutations,
  deliveries,
  connections,
  failpoints: failpointKills,
  kills,
  takeovers,
  'server-kills': serverKills,
  disk,
  facts,
  decisions,
  linearizable,
  passwords,
  'half-open': halfOpen,
  'sync-kills': syncKills,
  'sync-lag': syncLag,
} as const satisfies Record<string, Experiment>;

export type ExperimentName = keyof typeof experiments;
export const experimentNames = Object.keys(experiments) as ExperimentName[];

export type ChaosOptions = {
  env: Env;
  log: Log;
  only: readonly ExperimentName[];
  seed: number;
  /** Overrides how often each experiment injects its fault. */
  times: number | undefined;
  /** Overrides the time between two faults, for experiments that have one. */
  seconds: number | undefined;
  signal: AbortSignal;
  say(message: string): void;
};

/** The result of an experiment with its first problems; `goal` holds if there are none. */
export type ChaosReport = Outcome & {
  experiment: ExperimentName;
  seed: number;
  seconds: number;
  goal: string;
};

const MAX_SHOWN = 20;

/** Runs the chosen experiments one after another. `report` gets each result. @returns the number of problems. */
export async function runChaos(
  options: ChaosOptions,
  report: (result: ChaosReport) => void,
): Promise<number> {
  const { env, log, only, seed, seconds: pause, signal } = options;
  const { url, release } = await openDatabaseServer(env, log);
  let problems = 0;
  try {
    const server = await prepareServer(url);
    for (const experiment of only) {
      signal.throwIfAborted();
      const { goal, times, run } = experiments[experiment];
      const started = performance.now();
      const say = (message: string) => options.say(`${experiment}: ${message}`);
      const outcome = await run({ server, seed, times: options.times ?? times, seconds: pause, signal, say });
      const seconds = Math.round((performance.now() - started) / 1000);
      problems += outcome.problems.length;
      const first = outcome.problems.slice(0, MAX_SHOWN);
      report({ experiment, seed, seconds, goal, ...outcome, problems: first });
    }
  } finally {
    await release();
  }
  return problems;
}
