import { formatUsd } from '#lib/money.ts';
import type { CaseResult, EvalRun, Measures } from './eval-run.ts';

/** A measure of two runs; null where one has none. */
export type Change = { measure: keyof Measures; before: number | null; after: number | null };
/** An order that the two runs answer differently, and which of the two is right, if any. */
export type ChangedCase = {
  orderId: string;
  label: string;
  before: string;
  after: string;
  better: 'before' | 'after' | 'neither';
};
export type Comparison = {
  measures: Change[];
  changed: ChangedCase[];
  onlyBefore: string[];
  onlyAfter: string[];
};

/** What differs between two runs over the same orders; orders that only one run has are listed, not compared. */
export function compareRuns(before: EvalRun, after: EvalRun): Comparison {
  const later = new Map(after.results.map((result) => [result.orderId, result]));
  const earlier = new Set(before.results.map(({ orderId }) => orderId));
  const names = Object.keys(before.measures) as (keyof Measures)[];
  return {
    measures: names.map((name) => ({
      measure: name,
      before: before.measures[name],
      after: after.measures[name],
    })),
    changed: before.results.flatMap((result) => {
      const other = later.get(result.orderId);
      return other && format(other) !== format(result) ? [compareCase(result, other)] : [];
    }),
    onlyBefore: [...earlier].filter((orderId) => !later.has(orderId)),
    onlyAfter: [...later.keys()].filter((orderId) => !earlier.has(orderId)),
  };
}

function compareCase(before: CaseResult, after: CaseResult): ChangedCase {
  const [errorBefore, errorAfter] = [errorOf(before), errorOf(after)];
  const better = errorBefore === errorAfter ? 'neither' : errorBefore < errorAfter ? 'before' : 'after';
  const { refundCents } = before.label;
  return {
    orderId: before.orderId,
    label: formatUsd(refundCents),
    before: format(before),
    after: format(after),
    better,
  };
}

function format({ answer, code }: CaseResult): string {
  return answer ? formatUsd(answer.refundCents) : `no answer (${code})`;
}

function errorOf({ answer, label }: CaseResult): number {
  return answer ? Math.abs(answer.refundCents - label.refundCents) : Number.POSITIVE_INFINITY;
}
