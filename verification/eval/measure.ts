import type { RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import { speaksOfTiming } from './speaks-of-timing.ts';

/** What a scorer made of a labelled order, beside its label and the policy; `answer` is null where it gave none. */
export type CaseResult = {
  orderId: string;
  label: Amount;
  policy: Amount;
  answer: (Amount & { reason: string }) | null;
  /** Why there is no answer. */
  code: string | null;
  /** Sentences about its reason that the data contradicts. */
  contradictions: string[];
  clampedToPolicy: boolean;
  latencyMs: number;
  promptTokens: number;
  completionTokens: number;
};

export type Amount = { refundClass: RefundClass; refundCents: Cents };

/** Shares from 0 to 1 of all cases, or of those with an answer where the name says so; null where there are none. */
export type Measures = {
  cases: number;
  answered: number;
  classAccuracy: number;
  /** Mean absolute error in dollars; an order without an answer counts as no refund. */
  meanAbsoluteErrorUsd: number;
  policyAgreement: number;
  timingOnly: number | null;
  withoutContradiction: number | null;
  clampedToPolicy: number | null;
  latencyMsP50: number | null;
  latencyMsP95: number | null;
  promptTokens: number;
  completionTokens: number;
  costUsd: number | null;
};

/** Dollars for a million tokens. */
export type Prices = { prompt: number; completion: number };

/** Sums up results. Without an answer a case is wrong in its class, whatever the label. */
export function measure(results: readonly CaseResult[], prices?: Prices): Measures {
  const answers = results.flatMap(({ answer, ...rest }) => (answer ? [{ ...rest, answer }] : []));
  const share = (count: number, of: number) => (of === 0 ? null : count / of);
  const latencies = results.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const promptTokens = sum(results.map((result) => result.promptTokens));
  const completionTokens = sum(results.map((result) => result.completionTokens));
  const hits = (accept: (result: (typeof answers)[number]) => boolean) => answers.filter(accept).length;
  return {
    cases: results.length,
    answered: answers.length,
    classAccuracy:
      share(
        hits(({ answer, label }) => answer.refundClass === label.refundClass),
        results.length,
      ) ?? 0,
    meanAbsoluteErrorUsd: errorOf(results),
    policyAgreement:
      share(
        hits(({ answer, policy }) => answer.refundCents === policy.refundCents),
        results.length,
      ) ?? 0,
    timingOnly: share(
      hits(({ answer }) => speaksOfTiming(answer.reason, answer.refundCents)),
      answers.length,
    ),
    withoutContradiction: share(
      hits(({ contradictions }) => contradictions.length === 0),
      answers.length,
    ),
    clampedToPolicy: share(
      hits((result) => result.clampedToPolicy),
      answers.length,
    ),
    latencyMsP50: quantile(latencies, 0.5),
    latencyMsP95: quantile(latencies, 0.95),
    promptTokens,
    completionTokens,
    costUsd: prices ? (promptTokens * prices.prompt + completionTokens * prices.completion) / 1e6 : null,
  };
}

function errorOf(results: readonly CaseResult[]): number {
  const errors = results.map(({ answer, label }) => Math.abs((answer?.refundCents ?? 0) - label.refundCents));
  return results.length === 0 ? 0 : sum(errors) / results.length / 100;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The nearest rank of sorted numbers. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
