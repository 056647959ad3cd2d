import { formatUsd } from '#lib/money.ts';
import type { CaseResult, EvalRun } from './eval-run.ts';
import type { Label } from './labels.ts';
import { type Fairness, measureFairness } from './measure.ts';

/** An order that two runs answer differently, and which of the two is nearer to the label, if any. */
export type ChangedCase = {
  orderId: string;
  kind: string;
  label: string;
  before: string;
  after: string;
  better: 'before' | 'after' | 'neither';
};
/** `before` and `after` are measured on the orders that both runs have. */
export type Comparison = {
  before: { scorer: string; fairness: Fairness };
  after: { scorer: string; fairness: Fairness };
  changed: ChangedCase[];
  onlyBefore: string[];
  onlyAfter: string[];
};

/** What differs between two runs over the same orders; orders that only one run has are listed, not compared. */
export function compareRuns(before: EvalRun, after: EvalRun): Comparison {
  const later = new Map(after.results.map((result) => [result.orderId, result]));
  const pairs = before.results.flatMap((result): [CaseResult, CaseResult][] => {
    const other = later.get(result.orderId);
    return other ? [[result, other]] : [];
  });
  const both = new Set(pairs.map(([{ orderId }]) => orderId));
  const missing = ({ results }: EvalRun) =>
    results.map(({ orderId }) => orderId).filter((id) => !both.has(id));
  return {
    before: { scorer: before.scorer, fairness: measureFairness(pairs.map(([first]) => first)) },
    after: { scorer: after.scorer, fairness: measureFairness(pairs.map(([, second]) => second)) },
    changed: pairs.flatMap(([first, second]) =>
      format(first) === format(second) ? [] : [compareCase(first, second)],
    ),
    onlyBefore: missing(before),
    onlyAfter: missing(after),
  };
}

function compareCase(before: CaseResult, after: CaseResult): ChangedCase {
  const [errorBefore, errorAfter] = [errorOf(before), errorOf(after)];
  const better = errorBefore === errorAfter ? 'neither' : errorBefore < errorAfter ? 'before' : 'after';
  const { orderId, kind, label } = before;
  return { orderId, kind, label: formatLabel(label), before: format(before), after: format(after), better };
}

function format({ given, code }: CaseResult): string {
  return code === null
    ? formatUsd(given.refundCents)
    : `${formatUsd(given.refundCents)} by the policy (${code})`;
}

function formatLabel({ minCents, maxCents }: Label): string {
  return minCents === maxCents ? formatUsd(minCents) : `${formatUsd(minCents)} to ${formatUsd(maxCents)}`;
}

/** The distance of what is given from the label, in cents. */
function errorOf({ given, label }: CaseResult): number {
  return Math.max(0, given.refundCents - label.maxCents, label.minCents - given.refundCents);
}
