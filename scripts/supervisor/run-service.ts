import type { Env } from '#lib/env.ts';
import { serviceBackoff } from './backoff.ts';
import type { ChildSpec } from './child.ts';
import { describeTrouble } from './describe-trouble.ts';
import { keepRunning, type Service, type ServiceDeath, type ServiceHooks } from './keep-running.ts';
import { readLogLine } from './log-line.ts';
import { describeExit } from './run-step.ts';
import { logPath, type StartContext } from './start-context.ts';

/** The same line is not told again within this time, nor the same death of what does not stay up. */
const SAME_PROBLEM_MS = 60_000;
const SAME_DEATH_MS = 600_000;
const REMEMBERED = 100;

export type RunServiceHooks = {
  onMessage?: ServiceHooks['onMessage'];
  /** @returns true where the death need not be told any more. */
  onDeath?: (death: ServiceDeath) => boolean;
};

/**
 * Keeps one command running in the background: its output goes to its log, its problems and deaths to the screen,
 * its process into the run record.
 */
export function runService(
  context: StartContext,
  spec: () => ChildSpec,
  hooks: RunServiceHooks = {},
): Service {
  const { name } = spec();
  const log = context.log(name);
  const isNews = createMemory();
  const service = keepRunning(spec, serviceBackoff, {
    onMessage: hooks.onMessage,
    onLine: (line) => {
      log.write(line);
      const { text, isProblem } = readLogLine(line);
      if (isProblem && isNews(text, SAME_PROBLEM_MS))
        context.screen.warn(`${name}: ${describeTrouble(text)}`);
    },
    onStart: ({ identity }) => {
      if (identity) context.updateRecord({ children: { [name]: identity } });
    },
    onDeath: (death) => {
      if (hooks.onDeath?.(death)) return;
      if (death.alarm && !isNews(`death ${death.reason}`, SAME_DEATH_MS)) return;
      context.screen.warn(describeDeath(context.env, name, death));
    },
  });
  context.services.push(service);
  return service;
}

/** Remembers what was told; @returns whether it was not told within the last `withinMs` milliseconds. */
function createMemory(): (text: string, withinMs: number) => boolean {
  const told = new Map<string, number>();
  return (text, withinMs) => {
    const now = performance.now();
    if (now - (told.get(text) ?? Number.NEGATIVE_INFINITY) < withinMs) return false;
    if (told.size >= REMEMBERED) told.clear();
    told.set(text, now);
    return true;
  };
}

function describeDeath(env: Env, name: string, { exit, reason, delayMs, alarm }: ServiceDeath): string {
  // The commands know the embedded server only as the DATABASE_URL that they were given.
  const isEmbedded = !env.DATABASE_URL && reason?.includes('DATABASE_URL');
  const told = isEmbedded ? 'The embedded Postgres does not answer.' : (reason ?? '');
  const why = told && ` ${describeTrouble(told).replace(/[^.]$/, '$&.')}`;
  const how = `${name} ${alarm ? 'does not stay up' : 'ended'} (${describeExit(exit)}).${why}`;
  return `${how} It is started again in ${delayMs / 1000} s${alarm ? `; its log is ${logPath(env, name)}` : ''}.`;
}
