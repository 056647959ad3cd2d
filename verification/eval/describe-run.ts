import type { Comparison } from './compare-runs.ts';
import type { EvalRun, Measures } from './eval-run.ts';

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
const usd = (amount: number | null) => (amount === null ? '–' : `$${amount.toFixed(4)}`);
const ms = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`);
const number = (value: number | null) => (value === null ? '–' : value.toLocaleString('en-US'));

/** How each measure is shown, in the order of a report. */
const formats: Record<keyof Measures, { label: string; format(value: number | null): string }> = {
  cases: { label: 'labelled orders', format: number },
  answered: { label: 'answered', format: number },
  classAccuracy: { label: 'class accuracy', format: percent },
  meanAbsoluteErrorUsd: { label: 'mean absolute error', format: usd },
  policyAgreement: { label: 'agreement with the policy', format: percent },
  timingOnly: { label: 'reasons about timing only', format: percent },
  withoutContradiction: { label: 'reasons without a contradiction', format: percent },
  clampedToPolicy: { label: 'clamped to the policy', format: percent },
  latencyMsP50: { label: 'latency p50', format: ms },
  latencyMsP95: { label: 'latency p95', format: ms },
  promptTokens: { label: 'prompt tokens', format: number },
  completionTokens: { label: 'completion tokens', format: number },
  costUsd: { label: 'cost', format: usd },
};

/** A run as lines of text. */
export function describeRun({ scorer, measures }: EvalRun): string {
  const lines = names().map(
    (name) => `  ${formats[name].label.padEnd(34)}${formats[name].format(measures[name])}`,
  );
  return [scorer, ...lines].join('\n');
}

/** A comparison as lines of text: every measure that changed, and every order with another answer. */
export function describeComparison({ measures, changed, onlyBefore, onlyAfter }: Comparison): string {
  const changedMeasures = measures
    .filter(({ before, after }) => before !== after)
    .map(({ measure, before, after }) => {
      const { label, format } = formats[measure];
      return `  ${label.padEnd(34)}${format(before)} → ${format(after)}`;
    });
  const cases = changed.map(
    ({ orderId, label, before, after, better }) =>
      `  ${orderId}: ${before} → ${after}, owed ${label}; better: ${better}`,
  );
  const countBetter = (which: string) => changed.filter((one) => one.better === which).length;
  return [
    changedMeasures.length === 0 ? 'No measure changed.' : 'Measures that changed:',
    ...changedMeasures,
    `Orders with another answer: ${changed.length} (better ${countBetter('after')}, worse ${countBetter('before')})`,
    ...cases,
    ...[...onlyBefore, ...onlyAfter].map((orderId) => `  ${orderId}: only in one of the runs`),
  ].join('\n');
}

function names(): (keyof Measures)[] {
  return Object.keys(formats) as (keyof Measures)[];
}
