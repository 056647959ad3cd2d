import type { Comparison } from './compare-runs.ts';
import type { EvalRun } from './eval-run.ts';
import type { Measures } from './measure.ts';

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
const usd = (amount: number | null) => (amount === null ? '–' : `$${amount.toFixed(4)}`);
const ms = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`);
const plain = (value: number | null) => (value === null ? '–' : value.toLocaleString('en-US'));

/** How people read a measure, in the order of a report. */
const shown: Record<keyof Measures, { label: string; write(value: number | null): string }> = {
  cases: { label: 'labelled orders', write: plain },
  answered: { label: 'answered', write: plain },
  classAccuracy: { label: 'class accuracy', write: percent },
  meanAbsoluteErrorUsd: { label: 'mean absolute error', write: usd },
  policyAgreement: { label: 'agreement with the policy', write: percent },
  timingOnly: { label: 'reasons that speak of timing only', write: percent },
  withoutContradiction: { label: 'reasons that the data bears out', write: percent },
  clampedToPolicy: { label: 'held to the bounds', write: percent },
  latencyMsP50: { label: 'latency p50', write: ms },
  latencyMsP95: { label: 'latency p95', write: ms },
  promptTokens: { label: 'prompt tokens', write: plain },
  completionTokens: { label: 'completion tokens', write: plain },
  costUsd: { label: 'cost', write: usd },
};

/** A run as lines of text. */
export function describeRun({ scorer, measures }: EvalRun): string {
  const lines = names().map(
    (name) => `  ${shown[name].label.padEnd(34)}${shown[name].write(measures[name])}`,
  );
  return [scorer, ...lines].join('\n');
}

/** A comparison as lines of text: every measure that moved, and every order that is answered differently. */
export function describeComparison({ measures, changed, onlyBefore, onlyAfter }: Comparison): string {
  const moved = measures
    .filter(({ before, after }) => before !== after)
    .map(({ measure, before, after }) => {
      const { label, write } = shown[measure];
      return `  ${label.padEnd(34)}${write(before)} → ${write(after)}`;
    });
  const cases = changed.map(
    ({ orderId, label, before, after, better }) =>
      `  ${orderId}: ${before} → ${after}, owed ${label}; better: ${better}`,
  );
  const better = (which: string) => changed.filter((one) => one.better === which).length;
  return [
    moved.length === 0 ? 'No measure moved.' : 'Measures that moved:',
    ...moved,
    `Orders answered differently: ${changed.length} (better ${better('after')}, worse ${better('before')})`,
    ...cases,
    ...[...onlyBefore, ...onlyAfter].map((orderId) => `  ${orderId}: only in one of the runs`),
  ].join('\n');
}

function names(): (keyof Measures)[] {
  return Object.keys(shown) as (keyof Measures)[];
}
