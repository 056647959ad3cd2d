import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { type ChildSpec, GRACE_MS, startChild } from './process/child.ts';
import {
  keepRunning,
  type Service,
  type ServiceExit,
  type ServiceHooks,
  serviceBackoff,
} from './process/keep-running.ts';
import { findExitReason, readLogLine } from './process/log-line.ts';
import { describeExit, describeFailure } from './screen/describe-failure.ts';
import { logPath, type StartContext } from './start-context.ts';

const MAX_REMEMBERED_LINES = 100;

export type CommandStep = {
  label: string;
  spec: ChildSpec;
  /** Sums the result up in a few words, from the last line that the command wrote to stdout. */
  note?: (result: string) => string;
};

/**
 * Runs one command to its end as a step on the screen; the last line of its stderr is the step's progress.
 * @throws OperatorError with the command's own reason where it fails, or where the start is stopped.
 */
export async function runCommandStep(
  context: StartContext,
  { label, spec, note = () => '' }: CommandStep,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const step = context.screen.step(label);
  const log = context.log(spec.name);
  const lines: string[] = [];
  let result = '';
  const child = startChild(spec, {
    onLine: (line, stream) => {
      log.write(line);
      lines.splice(0, Math.max(0, lines.push(line) - MAX_REMEMBERED_LINES));
      if (stream === 'stdout') result = line;
      else if (line.trim() !== '') step.progress(readLogLine(line).text);
    },
  });
  const stop = () => child.stop(GRACE_MS);
  signal.addEventListener('abort', stop);
  context.stop.atOnce.addEventListener('abort', child.kill);
  const exit = await child.exited;
  signal.removeEventListener('abort', stop);
  context.stop.atOnce.removeEventListener('abort', child.kill);
  if (exit.code === 0 && !signal.aborted) return step.done(note(result));
  step.fail();
  signal.throwIfAborted();
  const reason = findExitReason(lines) ?? describeExit(exit);
  throw new OperatorError(`${label} failed. ${describeFailure(reason)}`);
}

/** The same problem is not shown again within this time, nor the same exit of a service in a crash loop. */
const REPEAT_PROBLEM_MS = 60_000;
const REPEAT_EXIT_MS = 600_000;
const MAX_REMEMBERED_MESSAGES = 100;

export type RunServiceHooks = {
  onMessage?: ServiceHooks['onMessage'];
  /** @returns true where the exit has been dealt with and is not shown. */
  onExit?: (exit: ServiceExit) => boolean;
};

/**
 * Keeps one command running in the background: its output goes to its log, its problems and exits to the screen,
 * its process into the run record.
 */
export function runService(
  context: StartContext,
  spec: () => ChildSpec,
  hooks: RunServiceHooks = {},
): Service {
  const { name } = spec();
  const log = context.log(name);
  const isNew = createMessageFilter();
  const service = keepRunning(spec, serviceBackoff, {
    onMessage: hooks.onMessage,
    onLine: (line) => {
      log.write(line);
      const { text, isProblem } = readLogLine(line);
      if (isProblem && isNew(text, REPEAT_PROBLEM_MS))
        context.screen.warn(`${name}: ${describeFailure(text)}`);
    },
    onStart: ({ identity }) => {
      if (identity) context.updateRecord({ children: { [name]: identity } });
    },
    onExit: (exit) => {
      if (hooks.onExit?.(exit)) return;
      if (exit.isCrashLooping && !isNew(`exit ${exit.reason}`, REPEAT_EXIT_MS)) return;
      context.screen.warn(describeServiceExit(context.env, name, exit));
    },
  });
  context.services.push(service);
  return service;
}

/** Returns a function that says whether a message was not shown within the last `withinMs` milliseconds. */
function createMessageFilter(): (text: string, withinMs: number) => boolean {
  const shownAt = new Map<string, number>();
  return (text, withinMs) => {
    const now = performance.now();
    if (now - (shownAt.get(text) ?? Number.NEGATIVE_INFINITY) < withinMs) return false;
    if (shownAt.size >= MAX_REMEMBERED_MESSAGES) shownAt.clear();
    shownAt.set(text, now);
    return true;
  };
}

function describeServiceExit(
  env: Env,
  name: string,
  { exit, reason = '', delayMs, isCrashLooping }: ServiceExit,
): string {
  // The commands know the embedded server only as the DATABASE_URL that they were given.
  const isEmbedded = !env.DATABASE_URL && reason.includes('DATABASE_URL');
  const cause = isEmbedded ? 'The embedded Postgres does not answer.' : reason;
  const why = cause && ` ${describeFailure(cause).replace(/[^.]$/, '$&.')}`;
  const what = `${name} ${isCrashLooping ? 'keeps failing' : 'ended'} (${describeExit(exit)}).${why}`;
  const next = `It is started again in ${delayMs / 1000} s`;
  return isCrashLooping ? `${what} ${next}; its log is ${logPath(env, name)}.` : `${what} ${next}.`;
}
