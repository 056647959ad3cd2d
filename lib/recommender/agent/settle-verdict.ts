import type { AgentEvidence, AgentFlag, Confidence, RefundClass } from '#lib/contract/refund.ts';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import { checkClaims } from '../claims/check-claims.ts';
import { gatherFacts } from '../claims/claim-facts.ts';
import type { AgentCase } from './agent-case.ts';
import type { AgentVerdict } from './agent-verdict.ts';
import { storableText } from './clean-text.ts';
import type { ModelAnswer } from './parse-answer.ts';

/**
 * What is stored of a verdict. `refund` is null where there is none to recommend. `reason` is for people, `agentResponse`
 * what the model gave, verbatim but for what Postgres cannot hold.
 */
export type SettledVerdict = {
  refund: { refundClass: RefundClass; refundCents: Cents } | null;
  reason: string;
  agentResponse: string;
  agent: AgentEvidence;
};

const LONGEST_RESPONSE = 8_000;

/** Holds a verdict to the policy's bounds and to the data; whatever it departs from is said in the reason and the flags. */
export function settleVerdict(about: AgentCase, verdict: AgentVerdict): SettledVerdict {
  switch (verdict.outcome) {
    case 'answered':
      return settleAnswer(about, verdict);
    case 'failed':
      return withoutAnswer(
        about,
        verdict,
        verdict.text,
        `The model gave no usable answer: ${verdict.message}.`,
      );
    case 'unavailable':
      return withoutAnswer(about, verdict, '', `The model could not be asked: ${verdict.message}.`);
  }
}

type Answered = Extract<AgentVerdict, { outcome: 'answered' }>;

function settleAnswer(about: AgentCase, verdict: Answered): SettledVerdict {
  const { answer, effort } = verdict;
  const { minCents, maxCents } = about.bounds;
  const refundCents = Math.min(Math.max(answer.refundCents, minCents), maxCents);
  const contradictions = checkReason(about, verdict, refundCents);
  const flags: AgentFlag[] = [
    ...(answer.refundCents === about.policy.refundCents ? [] : (['disagrees_with_policy'] as const)),
    ...(answer.refundCents === refundCents ? [] : (['clamped_to_policy'] as const)),
    ...(contradictions.length === 0 ? [] : (['contradicts_data'] as const)),
  ];
  return {
    refund: { refundClass: classOf(refundCents, about.totalCents), refundCents },
    reason: answer.refundCents === refundCents ? answer.reason : sayHeld(about, answer, refundCents),
    agentResponse: storableText(verdict.text, LONGEST_RESPONSE),
    agent: {
      ...describe(about, effort.requests),
      model_answer: show(answer),
      flags,
      confidence: rate(about, flags),
      contradictions,
    },
  };
}

/** Low where bounds or data speak against it, medium where the policy or a thin sample does. */
function rate({ evidence }: AgentCase, flags: readonly AgentFlag[]): Confidence {
  if (flags.includes('clamped_to_policy') || flags.includes('contradicts_data')) return 'low';
  return flags.length === 0 && evidence.benchmark_source === 'trailing_day' ? 'high' : 'medium';
}

function checkReason(about: AgentCase, { answer, effort }: Answered, refundCents: Cents): string[] {
  const facts = gatherFacts({
    evidence: about.evidence,
    refundUsd: refundCents / 100,
    given: effort.trace.map(({ result }) => result),
    rules: about.rules,
    names: [about.orderId],
  });
  return checkClaims(answer.reason, facts);
}

function classOf(cents: Cents, totalCents: Cents): RefundClass {
  if (cents === 0) return 'none';
  return cents === totalCents ? 'full' : 'partial';
}

function sayHeld({ bounds }: AgentCase, answer: ModelAnswer, refundCents: Cents): string {
  const { minCents, maxCents } = bounds;
  const allowed =
    minCents === maxCents ? formatUsd(maxCents) : `${formatUsd(minCents)} to ${formatUsd(maxCents)}`;
  return `The model asked for ${formatUsd(answer.refundCents)}; the policy allows ${allowed}, so it is ${formatUsd(refundCents)}. The model said: ${answer.reason}`;
}

function withoutAnswer(about: AgentCase, verdict: AgentVerdict, text: string, what: string): SettledVerdict {
  const code = verdict.outcome === 'answered' ? null : verdict.code;
  return {
    refund: null,
    reason: `${what} By the policy it is ${formatUsd(about.policy.refundCents)}.`,
    agentResponse: storableText(text, LONGEST_RESPONSE),
    agent: { ...describe(about, verdict.effort.requests), code },
  };
}

function describe({ policy, bounds }: AgentCase, requests: number): AgentEvidence {
  return {
    code: null,
    model_answer: null,
    policy_answer: show(policy),
    min_usd: toDecimal(bounds.minCents),
    max_usd: toDecimal(bounds.maxCents),
    flags: [],
    confidence: null,
    contradictions: [],
    requests,
  };
}

function show({ refundClass, refundCents }: { refundClass: RefundClass; refundCents: Cents }) {
  return { refund_class: refundClass, refund_usd: toDecimal(refundCents) };
}
