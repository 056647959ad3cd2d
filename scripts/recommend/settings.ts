import type { Env } from '#lib/env.ts';
import type { RecommendOptions } from '#lib/recommender/run.ts';
import type { CommandContext } from '../command.ts';

type Given = Pick<CommandContext<unknown>, 'env' | 'clock' | 'log' | 'signal'>;
type Settings = Omit<RecommendOptions, 'startProgress'>;

/** What every way to recommend works with: the clock, the agent if there is one, and its budget. */
export function settingsOf({ env, clock, log, signal }: Given): Settings {
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  return { clock, log, signal, say, scorer: undefined, ...budgetOf(env) };
}

function budgetOf(env: Env): Pick<Settings, 'callsPerHour' | 'outageMs'> {
  return { callsPerHour: env.AGENT_CALLS_PER_HOUR, outageMs: env.AGENT_OUTAGE_MINUTES * 60_000 };
}
