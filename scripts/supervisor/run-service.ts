import { serviceBackoff } from './backoff.ts';
import type { ChildSpec } from './child.ts';
import { describeTrouble } from './describe-trouble.ts';
import { keepRunning, type Service, type ServiceDeath, type ServiceHooks } from './keep-running.ts';
import { readLogLine } from './log-line.ts';
import { describeExit } from './run-step.ts';
import { logPath, type StartContext } from './start-context.ts';

const SAME_PROBLEM_MS = 60_000;

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
  const told = new Map<string, number>();
  const service = keepRunning(spec, serviceBackoff, {
    onMessage: hooks.onMessage,
    onLine: (line) => {
      log.write(line);
      const { text, isProblem } = readLogLine(line);
      if (!isProblem || performance.now() - (told.get(text) ?? -Infinity) < SAME_PROBLEM_MS) return;
      told.set(text, performance.now());
      context.screen.warn(`${name}: ${describeTrouble(text)}`);
    },
    onStart: ({ identity }) => {
      if (identity) context.updateRecord({ children: { [name]: identity } });
    },
    onDeath: (death) => {
      if (hooks.onDeath?.(death)) return;
      context.screen.warn(describeDeath(name, death, logPath(context.env, name)));
    },
  });
  context.services.push(service);
  return service;
}

function describeDeath(name: string, { exit, reason, delayMs, alarm }: ServiceDeath, log: string): string {
  const why = reason === undefined ? '' : ` ${describeTrouble(reason).replace(/[^.]$/, '$&.')}`;
  const how = `${name} ${alarm ? 'does not stay up' : 'ended'} (${describeExit(exit)}).${why}`;
  return `${how} It is started again in ${delayMs / 1000} s${alarm ? `; its log is ${log}` : ''}.`;
}
