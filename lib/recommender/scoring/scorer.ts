import type { RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';

/**
 * What a scorer gets for one order. `policyAnswer` holds the facts, the evidence, what the policy says and the bounds
 * that an answer is clamped to; `rules` is the policy in words, one rule a line; `rerun` is 0 for the stream's own
 * scoring and counts the rescores that people requested; `note` is what a person added to a request, as they typed it.
 */
export type ScoringCase = { policyAnswer: PolicyAnswer; rules: string; rerun: number; note: string | null };

/** What is known about the calls that led to an answer. Tokens are null where the server does not count them. */
export type CallRecord = {
  model: string;
  promptVersion: string;
  promptTokens: number | null;
  completionTokens: number | null;
  latencyMs: number;
  /** Any JSON. */
  trace: unknown;
};

/**
 * How scoring one order ended. `answered` and `failed` are final: each becomes one row, and after a failed one
 * the row is the policy's. After `unavailable` the order stays deferred until `retryAt`.
 */
export type ScorerAnswer = { call: CallRecord } & (
  | {
      outcome: 'answered';
      refundClass: RefundClass;
      refundCents: Cents;
      reason: string;
      /** The answer's text as it came. */
      agentResponse: string;
      /** Added to the policy's evidence. */
      evidence: Record<string, unknown>;
    }
  | {
      outcome: 'failed';
      code: string;
      reason: string;
      agentResponse: string;
      evidence?: Record<string, unknown>;
    }
  | { outcome: 'unavailable'; code: string; retryAt: Date }
);

/** Scores orders one at a time, several at once. It never throws but for `signal`. */
export type Scorer = {
  /** Where it is asked, without credentials, and the model. */
  server: string;
  model: string;
  /** How many orders it takes at once. */
  concurrency: number;
  /** Until when it takes no orders, because its server is down; undefined while it takes them. */
  pausedUntil(): Date | undefined;
  score(scoringCase: ScoringCase, signal: AbortSignal): Promise<ScorerAnswer>;
};
