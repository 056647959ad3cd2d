import type { StartContext } from './start-context.ts';

/** Runs work of this very process as a step on the screen, unless the start is to end; `note` says what came of it. */
export async function inStep<Result>(
  { screen, stop }: Pick<StartContext, 'screen' | 'stop'>,
  label: string,
  work: () => Promise<Result>,
  note: (result: Result) => string = () => '',
): Promise<Result> {
  stop.signal.throwIfAborted();
  const step = screen.step(label);
  try {
    const result = await work();
    step.done(note(result));
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}
