import { messageOf } from '#lib/errors.ts';
import type { Step } from './steps.ts';
import { formatTally, sumTallies, type Tally, tallyOfCheck } from './tally.ts';

type Say = (line: string) => void;

/** Runs all steps in order, past failures, until `signal` aborts; says how each went. @returns the sum. */
export async function runSteps(steps: Step[], signal: AbortSignal, say: Say): Promise<Tally> {
  const outcomes: { name: string; tally: Tally; seconds: number }[] = [];
  for (const [index, step] of steps.entries()) {
    if (signal.aborted) break;
    say(`\n── ${index + 1}/${steps.length} ${step.name}`);
    const started = performance.now();
    const tally = await runStep(step, signal, say);
    outcomes.push({ name: step.name, tally, seconds: (performance.now() - started) / 1000 });
  }
  say('');
  for (const { name, tally, seconds } of outcomes)
    say(`${tally.failed > 0 ? '✗' : '✓'} ${name}: ${formatTally(tally)} (${seconds.toFixed(1)} s)`);
  return sumTallies(outcomes.map(({ tally }) => tally));
}

async function runStep(step: Step, signal: AbortSignal, say: Say): Promise<Tally> {
  try {
    return await step.run(signal);
  } catch (error) {
    say(messageOf(error));
    return tallyOfCheck(1);
  }
}
