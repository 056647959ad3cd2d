import type { CaseResult, Measures } from './eval-run.ts';

/** Dollars for a million tokens. */
export type Prices = { prompt: number; completion: number };

/** Measures a run. A case without an answer has the wrong class, whatever the label. */
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
      hits(({ answer }) => mentionsTimingOnly(answer.reason, answer.refundCents)),
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

const TIMING =
  /\b(?:late|later|delay\w*|minutes?|mins?|hours?|seconds?|on time|in time|timing|timely|faster|slower|longer|sooner|quick\w*|took|delivered|delivery|percentile|p\d\d|overdue|promised|punctual)\b|\d\s*(?:min|h|s)\b/i;
const OTHER =
  /\b(?:quality|taste[ds]?|cold|hot|fresh\w*|missing|wrong item|incorrect|damaged|spilled|rude|driver'?s? (?:behavio|attitude)|apolog\w*|sorry|goodwill|loyal\w*|complain\w*|satisf\w*|inconvenience|hygiene|allerg\w*|portion|packag\w*|customer'?s? (?:history|status)|expensive|cheap)\b/i;

/** The guideline for reasons: a refund is explained by timing and by nothing else. Without a refund the reason may say anything. */
function mentionsTimingOnly(reason: string, refundCents: number): boolean {
  return refundCents === 0 || (TIMING.test(reason) && !OTHER.test(reason));
}
