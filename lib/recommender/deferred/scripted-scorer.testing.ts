import type { Scorer, ScorerAnswer, ScoringCase } from '../scoring/scorer.ts';

/** What a scripted answer cost. */
export const call = {
  model: 'test-model',
  promptVersion: 'p1',
  promptTokens: 10,
  completionTokens: 2,
  latencyMs: 34,
  trace: [{ tool: 'x' }],
};

/** A scorer that answers as `answer` says, and remembers what it was asked. */
export function scripted(answer: (asked: ScoringCase) => ScorerAnswer): Scorer & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    server: 'http://test',
    model: 'test-model',
    concurrency: 4,
    pausedUntil: () => undefined,
    score: async (given) => {
      asked.push(given.policyAnswer.order.orderId);
      return answer(given);
    },
  };
}

/** Answers as the policy does. */
export const accept = ({ policyAnswer }: ScoringCase): ScorerAnswer => ({
  call,
  outcome: 'answered',
  refundClass: policyAnswer.refundClass,
  refundCents: policyAnswer.refundCents,
  reason: 'as the policy',
  agentResponse: '{"as":"it came"}',
  evidence: { agreement: true },
});
