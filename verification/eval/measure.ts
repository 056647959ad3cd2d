import type { CaseResult } from './eval-run.ts';

/** Dollars for a million tokens. */
export type Prices = { prompt: number; completion: number };

/** What customers would get of a scorer's results, against their labels. Money is in cents. */
export type Fairness = {
  cases: number;
  rightClass: number;
  rightAmount: number;
  /** Above the highest amount of each label, in sum. */
  paidTooMuchCents: number;
  /** Below the lowest amount of each label, in sum. */
  paidTooLittleCents: number;
};

/** `kept`: what would be recommended. `alone`: what the scorer answered, unclamped; no answer is no refund. */
export type View = 'kept' | 'alone';

/** Compares results with their labels. */
export function measureFairness(results: readonly CaseResult[], view: View = 'kept'): Fairness {
  const measured = results.map((result) => {
    const { label } = result;
    const amount =
      view === 'kept' ? result.given : (result.answer ?? { refundClass: 'none', refundCents: 0 });
    const tooMuch = Math.max(0, amount.refundCents - label.maxCents);
    const tooLittle = Math.max(0, label.minCents - amount.refundCents);
    return { tooMuch, tooLittle, rightClass: label.classes.includes(amount.refundClass) };
  });
  return {
    cases: results.length,
    rightClass: measured.filter(({ rightClass }) => rightClass).length,
    rightAmount: measured.filter(({ tooMuch, tooLittle }) => tooMuch + tooLittle === 0).length,
    paidTooMuchCents: sum(measured.map(({ tooMuch }) => tooMuch)),
    paidTooLittleCents: sum(measured.map(({ tooLittle }) => tooLittle)),
  };
}

/** How the conversations with a model went. `codes` counts the orders without an answer by the reason. */
export type Service = {
  asked: number;
  notAsked: number;
  answered: number;
  fallbacks: number;
  codes: Record<string, number>;
  clamped: number;
  agreesWithPolicy: number;
  latencyMsP50: number | null;
  latencyMsP95: number | null;
  promptTokens: number;
  completionTokens: number;
  costUsd: number | null;
};

/** Measures the conversations of a run: the orders about which a model was asked. */
export function measureService(all: readonly CaseResult[], prices?: Prices): Service {
  const results = all.filter(({ asked }) => asked);
  const answered = results.filter(({ answer }) => answer !== null);
  const codes: Record<string, number> = {};
  for (const { code } of results) if (code !== null) codes[code] = (codes[code] ?? 0) + 1;
  const latencies = results.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const promptTokens = sum(results.map((result) => result.promptTokens));
  const completionTokens = sum(results.map((result) => result.completionTokens));
  return {
    asked: results.length,
    notAsked: all.length - results.length,
    answered: answered.length,
    fallbacks: results.length - answered.length,
    codes,
    clamped: results.filter(({ clamped }) => clamped).length,
    agreesWithPolicy: answered.filter(({ answer, policy }) => answer?.refundCents === policy.refundCents)
      .length,
    latencyMsP50: quantile(latencies, 0.5),
    latencyMsP95: quantile(latencies, 0.95),
    promptTokens,
    completionTokens,
    costUsd: prices ? (promptTokens * prices.prompt + completionTokens * prices.completion) / 1e6 : null,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The nearest rank of sorted numbers. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
