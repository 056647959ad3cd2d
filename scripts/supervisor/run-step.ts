import { OperatorError } from '#lib/errors.ts';
import { type ChildSpec, type Exit, startChild } from './child.ts';
import { describeTrouble } from './describe-trouble.ts';
import { GRACE_MS } from './grace.ts';
import { findReason, readLogLine } from './log-line.ts';
import type { StartContext } from './start-context.ts';

/**
 * Runs one command to its end as a step on the screen; the last line that it says is the step's progress.
 * @returns what it wrote to stdout.
 * @throws OperatorError with the command's own reason where it fails, or where the start is stopped.
 */
export async function runStep(
  context: StartContext,
  label: string,
  spec: ChildSpec,
  signal: AbortSignal = context.stop.signal,
): Promise<string[]> {
  signal.throwIfAborted();
  const step = context.screen.step(label);
  const log = context.log(spec.name);
  const output: string[] = [];
  const said: string[] = [];
  const child = startChild(spec, {
    onLine: (line, stream) => {
      log.write(line);
      (stream === 'stdout' ? output : said).push(line);
      if (line.trim() !== '') step.progress(readLogLine(line).text);
    },
  });
  const stop = () => child.stop(GRACE_MS);
  signal.addEventListener('abort', stop);
  context.stop.atOnce.addEventListener('abort', child.kill);
  const exit = await child.exited;
  signal.removeEventListener('abort', stop);
  context.stop.atOnce.removeEventListener('abort', child.kill);
  if (exit.code === 0 && !signal.aborted) {
    step.done();
    return output;
  }
  step.fail();
  signal.throwIfAborted();
  const reason = findReason([...output, ...said]) ?? describeExit(exit);
  throw new OperatorError(`${label} failed. ${describeTrouble(reason)}`);
}

/** How a process ended, for people: `exit code 1`, `killed by SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
