import type { Policy } from '#lib/recommender/index.ts';
import { checkClaims, describePolicy, gatherFacts } from '#lib/recommender/index.ts';
import type { JudgedLabel } from './judge-labelled.ts';
import type { Amount, CaseResult } from './measure.ts';

/** What a policy itself makes of labelled orders. */
export function evaluatePolicy(policy: Policy, judged: readonly JudgedLabel[]): CaseResult[] {
  const rules = describePolicy(policy);
  return judged.map(({ label, policyAnswer }) => {
    const { refundClass, refundCents, reason, evidence } = policyAnswer;
    const facts = gatherFacts({
      evidence,
      refundUsd: refundCents / 100,
      given: [],
      rules,
      names: [label.order_id],
    });
    return {
      orderId: label.order_id,
      label: toAmount(label),
      policy: pickAmount(policyAnswer),
      answer: { refundClass, refundCents, reason },
      code: null,
      contradictions: checkClaims(reason, facts),
      clampedToPolicy: false,
      latencyMs: 0,
      promptTokens: 0,
      completionTokens: 0,
    };
  });
}

export function toAmount({ refund_class, refund_usd }: JudgedLabel['label']): Amount {
  return { refundClass: refund_class, refundCents: refund_usd };
}

export function pickAmount({ refundClass, refundCents }: Amount): Amount {
  return { refundClass, refundCents };
}
