import type { Connection, Pool } from '#db/client.ts';
import { agentEvidenceSchema } from '#lib/contract/refund.ts';
import { checkClaims, type PolicyAnswer, type Scorer, scoreById } from '#lib/recommender/index.ts';
import { describePolicy, type Policy } from '#lib/recommender/policy/index.ts';
import type { Amount, CaseResult } from './eval-run.ts';
import type { GoldenLabel } from './golden-set.ts';

/** A labelled order with what a policy says about it. */
export type LabelledOrder = { label: GoldenLabel; policyAnswer: PolicyAnswer };

/** Scores the labelled orders, which the database must hold, by a policy; in the order of the labels. */
export async function scoreLabelled(
  connection: Connection | Pool,
  policy: Policy,
  labels: readonly GoldenLabel[],
): Promise<LabelledOrder[]> {
  const answers = await scoreById(
    connection,
    policy,
    labels.map(({ order_id }) => order_id),
  );
  const byOrder = new Map(answers.map((answer) => [answer.order.orderId, answer]));
  return labels.map((label) => {
    const policyAnswer = byOrder.get(label.order_id);
    if (!policyAnswer) throw new Error(`the golden order ${label.order_id} is not in the database`);
    return { label, policyAnswer };
  });
}

/** The results of a policy itself on labelled orders. */
export function evaluatePolicy(policy: Policy, labelled: readonly LabelledOrder[]): CaseResult[] {
  const rules = describePolicy(policy);
  return labelled.map(({ label, policyAnswer }) => {
    const { refundClass, refundCents, reason, evidence } = policyAnswer;
    const sources = { evidence, refundUsd: refundCents / 100, given: [], rules, names: [label.order_id] };
    return {
      ...caseOf({ label, policyAnswer }),
      answer: { refundClass, refundCents, reason },
      contradictions: checkClaims(reason, sources),
    };
  });
}

export type ModelTrial = {
  scorer: Scorer;
  policy: Policy;
  signal: AbortSignal;
  /** Called after each order with how many are done. */
  onProgress(done: number): void;
};

/** The results of a model on labelled orders, clamped to the policy as in the stream; in the order of the labels. */
export async function evaluateModel(
  trial: ModelTrial,
  labelled: readonly LabelledOrder[],
): Promise<CaseResult[]> {
  const results = new Array<CaseResult>(labelled.length);
  const left = [...labelled.entries()];
  let done = 0;
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      trial.signal.throwIfAborted();
      results[next[0]] = await scoreByModel(trial, next[1]);
      done += 1;
      trial.onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: trial.scorer.concurrency }, work));
  return results;
}

async function scoreByModel(
  { scorer, policy, signal }: ModelTrial,
  labelled: LabelledOrder,
): Promise<CaseResult> {
  const { policyAnswer } = labelled;
  const rules = describePolicy(policy);
  const answer = await scorer.score({ policyAnswer, rules, rerun: 0, note: null }, signal);
  const { latencyMs, promptTokens, completionTokens } = answer.call;
  const result = {
    ...caseOf(labelled),
    latencyMs,
    promptTokens: promptTokens ?? 0,
    completionTokens: completionTokens ?? 0,
  };
  if (answer.outcome !== 'answered') return { ...result, code: answer.code };
  const { contradictions, flags } = agentEvidenceSchema.parse(answer.evidence.agent);
  return {
    ...result,
    answer: { ...pickAmount(answer), reason: answer.modelReason },
    contradictions,
    clampedToPolicy: flags.includes('clamped_to_policy'),
  };
}

/** The result of a case that has no answer yet. */
function caseOf({ label, policyAnswer }: LabelledOrder): CaseResult {
  return {
    orderId: label.order_id,
    label: { refundClass: label.refund_class, refundCents: label.refund_usd },
    policy: pickAmount(policyAnswer),
    answer: null,
    code: null,
    contradictions: [],
    clampedToPolicy: false,
    latencyMs: 0,
    promptTokens: 0,
    completionTokens: 0,
  };
}

function pickAmount({ refundClass, refundCents }: Amount): Amount {
  return { refundClass, refundCents };
}
