import type { Connection, Pool } from '#db/client.ts';
import { type AgentEvidence, agentEvidenceSchema } from '#lib/contract/refund.ts';
import { OperatorError } from '#lib/errors.ts';
import { parseUsd } from '#lib/money.ts';
import { pick, stream } from '#lib/random.ts';
import { leavesNoChoice, type PolicyAnswer, type Scorer, scoreById } from '#lib/recommender/index.ts';
import { computeRefund, describePolicy, type Policy } from '#lib/recommender/policy/index.ts';
import type { Amount, CaseResult } from './eval-run.ts';
import type { LabelledCase } from './labels.ts';

/** A labelled order with what a policy says about it. */
export type LabelledOrder = { labelled: LabelledCase; policyAnswer: PolicyAnswer };

/** Scores the labelled orders, which the database must hold, by a policy; in the order of the cases. */
export async function scoreLabelled(
  connection: Connection | Pool,
  policy: Policy,
  cases: readonly LabelledCase[],
): Promise<LabelledOrder[]> {
  const answers = await scoreById(
    connection,
    policy,
    cases.map(({ orderId }) => orderId),
  );
  const byOrder = new Map(answers.map((answer) => [answer.order.orderId, answer]));
  return cases.map((labelled) => {
    const policyAnswer = byOrder.get(labelled.orderId);
    if (!policyAnswer) throw new Error(`the labelled order ${labelled.orderId} is not in the database`);
    return { labelled, policyAnswer };
  });
}

/** The results of a policy itself. */
export function evaluatePolicy(orders: readonly LabelledOrder[]): CaseResult[] {
  return orders.map((order) => answerWith(order, pickAmount(order.policyAnswer), order.policyAnswer.reason));
}

/** The baseline that never refunds anything. */
export function evaluateNone(orders: readonly LabelledOrder[]): CaseResult[] {
  return orders.map((order) => answerWith(order, { refundClass: 'none', refundCents: 0 }, ''));
}

/** The baseline that gives each order nothing or one of the policy's tiers, all equally likely; the same for a seed. */
export function evaluateRandomTier(
  policy: Policy,
  orders: readonly LabelledOrder[],
  seed: number,
): CaseResult[] {
  const percents = [0, ...policy.tiers.map(({ percent }) => percent)];
  return orders.map((order) => {
    const percent = pick(stream(seed, 'random tier', order.labelled.orderId), percents);
    return answerWith(
      order,
      pickAmount(computeRefund(policy, percent, order.policyAnswer.order.totalCents)),
      '',
    );
  });
}

export type ModelTrial = {
  scorer: Scorer;
  policy: Policy;
  /** Also where the policy leaves nothing to choose, where the stream asks nothing. */
  asksAll: boolean;
  signal: AbortSignal;
  /** Ends the asking after the order under way. */
  until?: AbortSignal | undefined;
  /** Called with each result as soon as it is there. */
  onResult(result: CaseResult): void;
};

/** So many orders in a row without a reply mean that the server is down. */
const MAX_UNAVAILABLE = 5;

/**
 * Asks a model about labelled orders, clamped to the policy as in the stream.
 * @throws OperatorError where the server does not reply for several orders in a row; what was answered is kept.
 */
export async function evaluateModel(trial: ModelTrial, orders: readonly LabelledOrder[]): Promise<void> {
  const left = [...orders];
  let unavailable = 0;
  let down: OperatorError | undefined;
  const work = async () => {
    for (let next = left.shift(); next; next = down ? undefined : left.shift()) {
      trial.signal.throwIfAborted();
      if (trial.until?.aborted) return;
      const result = await scoreByModel(trial, next);
      trial.signal.throwIfAborted();
      unavailable = result.settled ? 0 : unavailable + 1;
      trial.onResult(result);
      if (unavailable >= MAX_UNAVAILABLE) down ??= serverIsDown(result.code);
    }
  };
  await Promise.all(Array.from({ length: trial.scorer.concurrency }, work));
  if (down) throw down;
}

function serverIsDown(code: string | null): OperatorError {
  return new OperatorError(
    `The model's server gave no reply for ${MAX_UNAVAILABLE} orders in a row (${code}). What was answered is kept: run the same command again to continue.`,
  );
}

async function scoreByModel(
  { scorer, policy, asksAll, signal }: ModelTrial,
  order: LabelledOrder,
): Promise<CaseResult> {
  const { labelled, policyAnswer } = order;
  const { note } = labelled;
  if (!asksAll && leavesNoChoice(policyAnswer.bounds))
    return answerWith(order, pickAmount(policyAnswer), policyAnswer.reason);
  const scoringCase = { policyAnswer, rules: describePolicy(policy), rerun: note === null ? 0 : 1, note };
  const answer = await scorer.score(scoringCase, signal);
  const { latencyMs, promptTokens, completionTokens } = answer.call;
  const cost = { latencyMs, promptTokens: promptTokens ?? 0, completionTokens: completionTokens ?? 0 };
  const kept = { ...answerWith(order, pickAmount(policyAnswer), policyAnswer.reason), ...cost, asked: true };
  if (answer.outcome === 'unavailable') return { ...kept, answer: null, code: answer.code, settled: false };
  const { agentResponse: text, reason } = answer;
  if (answer.outcome === 'failed') return { ...kept, answer: null, code: answer.code, reason, text };
  const { model_answer, flags } = agentEvidenceSchema.parse(answer.evidence.agent);
  const clamped = flags.includes('clamped_to_policy');
  return { ...kept, given: pickAmount(answer), answer: readAnswer(model_answer), clamped, reason, text };
}

function readAnswer(answer: AgentEvidence['model_answer']): Amount | null {
  const refundCents = answer ? parseUsd(answer.refund_usd) : undefined;
  return answer && refundCents !== undefined ? { refundClass: answer.refund_class, refundCents } : null;
}

/** The result of a scorer that needs no model. */
function answerWith({ labelled, policyAnswer }: LabelledOrder, answer: Amount, reason: string): CaseResult {
  const { part, kind, orderId, label } = labelled;
  return {
    part,
    kind,
    orderId,
    label,
    policy: pickAmount(policyAnswer),
    given: answer,
    answer,
    asked: false,
    code: null,
    settled: true,
    clamped: false,
    reason,
    text: null,
    latencyMs: 0,
    promptTokens: 0,
    completionTokens: 0,
  };
}

function pickAmount({ refundClass, refundCents }: Amount): Amount {
  return { refundClass, refundCents };
}
