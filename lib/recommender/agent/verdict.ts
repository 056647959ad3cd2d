import type { AgentEvidence, AgentFlag, Confidence, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import type { CallRecord } from '../scoring/scorer.ts';
import type { AgentCase } from './agent-case.ts';
import { checkClaims } from './claims/check-claims.ts';
import type { AnswerFault, ModelAnswer } from './parse-answer.ts';
import type { ChatFailureCode } from './server/chat-failure.ts';
import type { ToolRun } from './tools.ts';
import { storableText } from './untrusted-text.ts';

/** What a conversation cost and looked up. `requests` does not count replies from before a crash. */
export type ConversationRecord = CallRecord & { requests: number; trace: ToolRun[] };

/** The model's server replied, and there is still no answer. */
export type AgentFault = AnswerFault | 'refused' | 'cut_short' | 'empty' | 'too_many_turns';

/**
 * How a conversation ended. `answered`: with the model's answer, not yet clamped to the policy, and the text that it
 * was read from. `failed`: without one, and asking this scorer again would not give one; `text` is the last reply.
 * `unavailable`: the server failed; the order can be asked about again, from `retryAt` where one is known.
 */
export type AgentVerdict = { call: ConversationRecord } & (
  | { outcome: 'answered'; answer: ModelAnswer; text: string }
  | { outcome: 'failed'; code: AgentFault | ChatFailureCode; message: string; text: string }
  | { outcome: 'unavailable'; code: ChatFailureCode | 'breaker_open'; message: string; retryAt: Date | null }
);

type Answered = Extract<AgentVerdict, { outcome: 'answered' }>;
type Failed = Extract<AgentVerdict, { outcome: 'failed' }>;

const MAX_RESPONSE = 8_000;

/**
 * What is recommended on a model's answer: the amount clamped to the policy's bounds, with flags for every deviation
 * from policy or data. `reason` is for people, `agentResponse` what the model wrote.
 */
export function finalizeAnswer(agentCase: AgentCase, verdict: Answered) {
  const { answer, call } = verdict;
  const { minCents, maxCents } = agentCase.bounds;
  const refundCents = Math.min(Math.max(answer.refundCents, minCents), maxCents);
  const contradictions = checkReason(agentCase, verdict, refundCents);
  const flags: AgentFlag[] = [
    ...(answer.refundCents === agentCase.policy.refundCents ? [] : (['disagrees_with_policy'] as const)),
    ...(answer.refundCents === refundCents ? [] : (['clamped_to_policy'] as const)),
    ...(contradictions.length === 0 ? [] : (['contradicts_data'] as const)),
  ];
  const agent: AgentEvidence = {
    ...describeBounds(agentCase, call.requests),
    model_answer: toJson(answer),
    flags,
    confidence: rateConfidence(agentCase, flags),
    contradictions,
  };
  return {
    refundClass: classOf(refundCents, agentCase.totalCents),
    refundCents,
    reason:
      answer.refundCents === refundCents ? answer.reason : describeClamp(agentCase, answer, refundCents),
    agentResponse: storableText(verdict.text, MAX_RESPONSE),
    agent,
  };
}

/** What is said where a model gave no usable answer and the policy's amount is stored: why. */
export function finalizeFailure(agentCase: AgentCase, { code, message, text, call }: Failed) {
  const agent: AgentEvidence = { ...describeBounds(agentCase, call.requests), code };
  return {
    code,
    reason: `The model gave no usable answer: ${message}. The policy has answered.`,
    agentResponse: storableText(text, MAX_RESPONSE),
    agent,
  };
}

/** Low where the amount was clamped or the reason contradicts the data, medium where it deviates from the policy or the sample is thin. */
function rateConfidence({ evidence }: AgentCase, flags: readonly AgentFlag[]): Confidence {
  if (flags.includes('clamped_to_policy') || flags.includes('contradicts_data')) return 'low';
  return flags.length === 0 && evidence.benchmark_source === 'trailing_day' ? 'high' : 'medium';
}

function checkReason(agentCase: AgentCase, { answer, call }: Answered, refundCents: Cents): string[] {
  return checkClaims(answer.reason, {
    evidence: agentCase.evidence,
    refundUsd: refundCents / 100,
    given: call.trace.map(({ result }) => result),
    rules: agentCase.rules,
    names: [agentCase.orderId],
  });
}

function classOf(cents: Cents, totalCents: Cents): RefundClass {
  if (cents === 0) return 'none';
  return cents === totalCents ? 'full' : 'partial';
}

function describeClamp({ bounds }: AgentCase, answer: ModelAnswer, refundCents: Cents): string {
  const { minCents, maxCents } = bounds;
  const allowed =
    minCents === maxCents ? formatUsd(maxCents) : `${formatUsd(minCents)} to ${formatUsd(maxCents)}`;
  return `The model asked for ${formatUsd(answer.refundCents)}; the policy allows ${allowed}, so it is ${formatUsd(refundCents)}. The model said: ${answer.reason}`;
}

function describeBounds({ policy, bounds }: AgentCase, requests: number): AgentEvidence {
  return {
    code: null,
    model_answer: null,
    policy_answer: toJson(policy),
    min_usd: toDecimal(bounds.minCents),
    max_usd: toDecimal(bounds.maxCents),
    flags: [],
    confidence: null,
    contradictions: [],
    requests,
  };
}

function toJson({ refundClass, refundCents }: { refundClass: RefundClass; refundCents: Cents }) {
  return { refund_class: refundClass, refund_usd: toDecimal(refundCents) };
}
