import type { AgentPorts, AgentVerdict, Policy } from '#lib/recommender/index.ts';
import {
  askAgent,
  describePolicy,
  type SettledVerdict,
  settleVerdict,
  toAgentCase,
} from '#lib/recommender/index.ts';
import { pickAmount, toAmount } from './evaluate-policy.ts';
import type { JudgedLabel } from './judge-labelled.ts';
import type { CaseResult } from './measure.ts';

export type ModelTrial = {
  ports: AgentPorts;
  policy: Policy;
  /** Orders at once. */
  concurrency: number;
  signal: AbortSignal;
  /** Called after each order with how many are done. */
  onProgress(done: number): void;
};

/** What a model makes of labelled orders, held to the policy as in the stream; in the order of the labels. */
export async function evaluateModel(
  trial: ModelTrial,
  judged: readonly JudgedLabel[],
): Promise<CaseResult[]> {
  const results = new Array<CaseResult>(judged.length);
  const left = [...judged.entries()];
  let done = 0;
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      trial.signal.throwIfAborted();
      results[next[0]] = await askAbout(trial, next[1]);
      done += 1;
      trial.onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: trial.concurrency }, work));
  return results;
}

async function askAbout(
  { ports, policy, signal }: ModelTrial,
  { label, policyAnswer }: JudgedLabel,
): Promise<CaseResult> {
  const about = toAgentCase({ policyAnswer, rules: describePolicy(policy), rerun: 0, note: null });
  const verdict = await askAgent(ports, about, signal);
  const { refund, reason, agent } = settleVerdict(about, verdict);
  return {
    orderId: label.order_id,
    label: toAmount(label),
    policy: pickAmount(policyAnswer),
    answer: refund && { ...refund, reason: ownWords(verdict, reason) },
    code: agent.code,
    contradictions: agent.contradictions,
    clampedToPolicy: agent.flags.includes('clamped_to_policy'),
    latencyMs: verdict.effort.latencyMs,
    promptTokens: verdict.effort.promptTokens ?? 0,
    completionTokens: verdict.effort.completionTokens ?? 0,
  };
}

/** The guideline judges what the model wrote, not what is put before it. */
function ownWords(verdict: AgentVerdict, reason: SettledVerdict['reason']): string {
  return verdict.outcome === 'answered' ? verdict.answer.reason : reason;
}
