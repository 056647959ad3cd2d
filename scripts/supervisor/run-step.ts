import { OperatorError } from '#lib/errors.ts';
import { type ChildSpec, type Exit, startChild } from './child.ts';
import { describeTrouble } from './describe-trouble.ts';
import { GRACE_MS } from './grace.ts';
import { findReason, readLogLine } from './log-line.ts';
import type { StartContext } from './start-context.ts';

const REMEMBERED_LINES = 100;

export type CommandStep = {
  label: string;
  spec: ChildSpec;
  /** What came of it, in a few words, from the last line that the command wrote to stdout. */
  note?: (result: string) => string;
};

/**
 * Runs one command to its end as a step on the screen; the last line that it says on stderr is the step's progress.
 * @throws OperatorError with the command's own reason where it fails, or where the start is stopped.
 */
export async function runStep(
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
      lines.splice(0, Math.max(0, lines.push(line) - REMEMBERED_LINES));
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
  const reason = findReason(lines) ?? describeExit(exit);
  throw new OperatorError(`${label} failed. ${describeTrouble(reason)}`);
}

/** How a process ended, for people: `exit code 1`, `killed by SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
