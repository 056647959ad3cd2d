import { type Env, modelEndpoint } from '#lib/env.ts';
import type { RecommendOptions } from '#lib/recommender/index.ts';
import { openScorer } from '#lib/recommender/index.ts';
import type { CommandContext } from '../cli/command.ts';

type Given = Pick<CommandContext<unknown>, 'env' | 'database' | 'clock' | 'log' | 'signal'>;
type Settings = Omit<RecommendOptions, 'startProgress'>;

/** What every way to recommend works with: the clock, the agent where the environment names one, and its budget. */
export function settingsOf({ env, database, clock, log, signal }: Given): Settings {
  const endpoint = modelEndpoint(env);
  return {
    clock,
    log,
    signal,
    say: (message) => void process.stderr.write(`${message}\n`),
    scorer: endpoint && openScorer(database, endpoint, { clock, random: Math.random }),
    ...budgetOf(env),
  };
}

function budgetOf(env: Env): Pick<Settings, 'callsPerHour' | 'outageMs'> {
  return { callsPerHour: env.AGENT_CALLS_PER_HOUR, outageMs: env.AGENT_OUTAGE_MINUTES * 60_000 };
}
