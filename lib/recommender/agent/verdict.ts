import type { AgentEvidence, AgentFlag, Confidence, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import type { CallRecord } from '../scoring/scorer.ts';
import type { AgentCase } from './agent-case.ts';
import { allows, explainGrounds } from './grounds.ts';
import type { AnswerFault, ModelAnswer } from './parse-answer.ts';
import type { ChatFailureCode } from './server/chat-failure.ts';
import type { ToolRun } from './tools.ts';
import { storableText } from './untrusted-text.ts';

/** What a conversation cost, and the facts that the model saw. `requests` does not count replies from before a crash. */
export type ConversationRecord = CallRecord & { requests: number; trace: ToolRun[] };

/** The model's server replied, and there is still no answer. */
export type AgentFault = AnswerFault | 'refused' | 'cut_short' | 'empty' | 'too_many_turns' | 'no_facts';

/**
 * How a conversation ended. `answered`: with the model's answer, not yet clamped to the policy, and the text that it
 * was read from. `failed`: without one, and asking this scorer again would not give one; `text` is the last reply.
 * `unavailable`: the server failed; the order can be asked about again, from `retryAt` where one is known.
 */
export type AgentVerdict = { call: ConversationRecord } & (
  | { outcome: 'answered'; answer: ModelAnswer; text: string }
  | { outcome: 'failed'; code: AgentFault | ChatFailureCode; message: string; text: string }
  | {
      outcome: 'unavailable';
      code: ChatFailureCode | 'breaker_open' | 'rejects_all';
      message: string;
      retryAt: Date | null;
    }
);

type Answered = Extract<AgentVerdict, { outcome: 'answered' }>;
type Failed = Extract<AgentVerdict, { outcome: 'failed' }>;
type Amount = { refundClass: RefundClass; refundCents: Cents };
type Range = { minCents: Cents; maxCents: Cents };

const MAX_RESPONSE = 8_000;

/**
 * What is recommended on a model's answer: the amount clamped to what its grounds allow within the policy's bounds, the class
 * that follows from it, and a reason made of the grounds. `agentResponse` is what the model wrote.
 */
export function finalizeAnswer(agentCase: AgentCase, { answer, call, text }: Answered) {
  const range = findRange(agentCase, answer);
  const refundCents = Math.min(Math.max(answer.refundCents, range.minCents), range.maxCents);
  const amount = { refundClass: classOf(refundCents, agentCase.totalCents), refundCents };
  const flags: AgentFlag[] = [
    ...(answer.refundCents === agentCase.policy.refundCents ? [] : (['disagrees_with_policy'] as const)),
    ...(answer.refundCents === refundCents ? [] : (['clamped_to_policy'] as const)),
  ];
  const agent: AgentEvidence = {
    ...describeCase(agentCase, range, call.requests),
    model_answer: toJson({
      refundClass: classOf(answer.refundCents, agentCase.totalCents),
      refundCents: answer.refundCents,
    }),
    flags,
    confidence: rateConfidence(agentCase, flags),
    grounds: answer.grounds,
    note: answer.note,
  };
  return {
    ...amount,
    reason: explainAnswer(agentCase, answer, range, refundCents),
    agentResponse: storableText(text, MAX_RESPONSE),
    agent,
  };
}

/** What is said where a model gave no usable answer and the policy's amount is stored: why. */
export function finalizeFailure(agentCase: AgentCase, { code, message, text, call }: Failed) {
  const agent: AgentEvidence = { ...describeCase(agentCase, agentCase.bounds, call.requests), code };
  return {
    code,
    reason: `The model gave no usable answer: ${message}. The policy has answered.`,
    agentResponse: storableText(text, MAX_RESPONSE),
    agent,
  };
}

/** The amounts that an answer may have: the policy's own, and within its bounds those that a ground allows. */
function findRange({ policy, bounds }: AgentCase, { grounds }: ModelAnswer): Range {
  return {
    minCents: allows(grounds, 'less') ? bounds.minCents : policy.refundCents,
    maxCents: allows(grounds, 'more') ? bounds.maxCents : policy.refundCents,
  };
}

/** Low where the amount was clamped, medium where it deviates from the policy or the sample is thin. */
function rateConfidence({ evidence }: AgentCase, flags: readonly AgentFlag[]): Confidence {
  if (flags.includes('clamped_to_policy')) return 'low';
  return flags.length === 0 && evidence.benchmark_source === 'trailing_day' ? 'high' : 'medium';
}

/** The stored reason: every number in it is ours, from the evidence; only the words between quotation marks are the model's. */
function explainAnswer(agentCase: AgentCase, answer: ModelAnswer, range: Range, refundCents: Cents): string {
  const { evidence, note } = agentCase;
  const facts = `Delivered in ${evidence.delivery_minutes.toFixed(1)} min.`;
  const grounds = explainGrounds(answer.grounds, { evidence, hasNote: note !== null });
  const words = answer.note === null ? [] : [`The model adds: “${answer.note}”`];
  return [facts, grounds, explainAmount(agentCase, answer, range, refundCents), ...words].join(' ');
}

function explainAmount(
  { policy }: AgentCase,
  answer: ModelAnswer,
  { minCents, maxCents }: Range,
  refundCents: Cents,
): string {
  const amount = formatUsd(refundCents);
  if (answer.refundCents !== refundCents) {
    const allowed =
      minCents === maxCents ? formatUsd(maxCents) : `${formatUsd(minCents)} to ${formatUsd(maxCents)}`;
    return `The model asked for ${formatUsd(answer.refundCents)}; on these grounds the policy allows ${allowed}, so it is ${amount}.`;
  }
  if (refundCents === policy.refundCents) return `The model agrees with the policy: ${amount}.`;
  return `The model suggests ${amount} instead of the policy's ${formatUsd(policy.refundCents)}.`;
}

function classOf(cents: Cents, totalCents: Cents): RefundClass {
  if (cents === 0) return 'none';
  return cents >= totalCents ? 'full' : 'partial';
}

function describeCase({ policy }: AgentCase, { minCents, maxCents }: Range, requests: number): AgentEvidence {
  return {
    code: null,
    model_answer: null,
    policy_answer: toJson(policy),
    min_usd: toDecimal(minCents),
    max_usd: toDecimal(maxCents),
    flags: [],
    confidence: null,
    grounds: [],
    note: null,
    requests,
  };
}

function toJson({ refundClass, refundCents }: Amount) {
  return { refund_class: refundClass, refund_usd: toDecimal(refundCents) };
}
