import type { RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import type { PolicyAnswer } from './policy/score-order.ts';

/**
 * All that a scorer gets for one order. `policyAnswer` holds the order's facts, the evidence, what the policy says and
 * the bounds that an answer is held to; `rules` is the policy in words, one rule a line; `rerun` is 0 for the stream's own
 * and counts what people asked for; `note` is what a person added to a re-run, as they typed it.
 */
export type ScoringCase = { policyAnswer: PolicyAnswer; rules: string; rerun: number; note: string | null };

/** What is known about the calls that led to an answer; all of it is stored. `trace` is any JSON. */
export type CallRecord = {
  model: string;
  promptVersion: string;
  tokens: number | null;
  latencyMs: number;
  trace: unknown;
};

/**
 * How scoring one order ended. `answered` and `failed` are terminal: one row each. `failed` has no amount, since none
 * was given that holds. `unavailable` is no answer: the order stays deferred until `retryAt`.
 */
export type ScorerAnswer =
  | (CallRecord & {
      outcome: 'answered';
      refundClass: RefundClass;
      refundCents: Cents;
      reason: string;
      /** The answer's text as it came. */
      agentResponse: string;
      /** What the evidence of the row says besides the policy's. */
      evidence: Record<string, unknown>;
    })
  | (CallRecord & {
      outcome: 'failed';
      code: string;
      reason: string;
      agentResponse: string;
      evidence?: Record<string, unknown>;
    })
  | { outcome: 'unavailable'; code: string; retryAt: Date };

/** Scores orders one at a time, several at once. It never throws but for `signal`. */
export type Scorer = {
  /** How many orders it takes at once. */
  concurrency: number;
  /** Until when it takes none, because its server is down; undefined: it takes orders. */
  pausedUntil(): Date | undefined;
  score(asked: ScoringCase, signal: AbortSignal): Promise<ScorerAnswer>;
};
