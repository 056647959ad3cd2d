import { z } from 'zod';
import type { Cents } from '#lib/money.ts';

export const refundClasses = ['none', 'partial', 'full'] as const;
export type RefundClass = (typeof refundClasses)[number];

export const recommendationSources = ['policy', 'agent', 'deferred', 'error'] as const;
export type RecommendationSource = (typeof recommendationSources)[number];

/** What a scorer answers, as text in `agent_response`. `refund_usd` is dollars with at most two decimals. */
export const refundAnswerSchema = z.object({
  refund_usd: z.number().min(0),
  refund_class: z.enum(refundClasses),
  reason: z.string().min(1),
});
export type RefundAnswer = z.infer<typeof refundAnswerSchema>;

export const confidences = ['low', 'medium', 'high'] as const;
export type Confidence = (typeof confidences)[number];

export const agentFlags = ['disagrees_with_policy', 'clamped_to_policy'] as const;
export type AgentFlag = (typeof agentFlags)[number];

/** What a model may give as grounds for its amount; facts decide whether each holds. */
export const agentGrounds = [
  'on_time',
  'late',
  'very_late',
  'just_late',
  'near_next_limit',
  'long_wait',
  'past_promise',
  'within_promise',
  'thin_sample',
  'reviewer_note',
] as const;
export type AgentGround = (typeof agentGrounds)[number];

/**
 * The outcome of asking a model. `model_answer` is what it answered, before it was clamped to what its grounds allow,
 * which is `min_usd` to `max_usd`; null without a usable answer, and then `code` says why. Money is decimal text.
 */
export const agentEvidenceSchema = z.object({
  code: z.string().nullable(),
  model_answer: z.object({ refund_class: z.enum(refundClasses), refund_usd: z.string() }).nullable(),
  policy_answer: z.object({ refund_class: z.enum(refundClasses), refund_usd: z.string() }),
  min_usd: z.string(),
  max_usd: z.string(),
  flags: z.array(z.enum(agentFlags)),
  /** How reliable the answer is, from the checks alone, never from the model's own claim; null without an answer. */
  confidence: z.enum(confidences).nullable(),
  /** The grounds of the answer, all of which hold. */
  grounds: z.array(z.enum(agentGrounds)),
  /** The model's own words, without numbers. */
  note: z.string().nullable(),
  requests: z.int(),
});
export type AgentEvidence = z.infer<typeof agentEvidenceSchema>;

const alternativeSchema = z.object({
  when: z.enum(['within', 'from']),
  seconds: z.int(),
  refund_percent: z.number(),
  refund_class: z.enum(refundClasses),
  refund_usd: z.string(),
});

export const benchmarkSources = ['trailing_day', 'trailing_week', 'service_level'] as const;
export type BenchmarkSource = (typeof benchmarkSources)[number];

/** The facts that a policy scored, stored with its recommendation. Minutes are created → delivered; money is decimal text. */
export const evidenceSchema = z.object({
  /**
   * Where the order was not delivered: what became of it; the minutes are those of the wait for it. It is `waiting`, and
   * has no answer, while one of its records is in quarantine.
   */
  outcome: z.enum(['undelivered', 'cancelled', 'waiting']).optional(),
  policy_version: z.string(),
  delivery_minutes: z.number(),
  order_total_usd: z.string(),
  location: z.string().nullable(),
  /** The deliveries, or the fixed minutes, that the order is compared with. */
  benchmark_source: z.enum(benchmarkSources),
  window_from: z.string().nullable(),
  window_to: z.string().nullable(),
  sample_size: z.int(),
  p50_minutes: z.number().nullable(),
  p75_minutes: z.number(),
  p99_minutes: z.number(),
  /** The share of the total that the policy's tier gives, before rounding and bounds. */
  refund_percent: z.number().optional(),
  /** Where a model was asked. */
  agent: agentEvidenceSchema.optional(),
  /** What the policy adds to its percentiles, and what was promised, where it tests that. */
  grace_minutes: z.number().optional(),
  promised_minutes: z.number().nullable().optional(),
  /** Who answers in the agent's place, and why. */
  fallback: z.enum(['no_agent', 'agent_unavailable', 'agent_failed', 'agent_stopped']).optional(),
  /** Above so many minutes, that share: the policy's tiers for this order, with grace and promise. */
  limits: z.array(z.object({ above_minutes: z.number(), refund_percent: z.number() })).optional(),
  /** What would have changed the answer, by the same benchmark: delivered so many seconds after it was placed. */
  alternatives: z.array(alternativeSchema).optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What is true of an order by its events, and what its recommendation was based on. Times are ISO 8601, money is decimal text. */
export const orderFactsSchema = z.object({
  created_at: z.string(),
  delivered_at: z.string().nullable(),
  /** By when the driver promised it at the pick-up. */
  promised_at: z.string().nullable(),
  total: z.string(),
  /** How many lines the order has. */
  lines: z.int(),
});
export type OrderFacts = z.infer<typeof orderFactsSchema>;

/** The facts that differ between two recommendations of one order. */
export function listChangedFacts(before: OrderFacts, after: OrderFacts): (keyof OrderFacts)[] {
  return orderFactsSchema.keyof().options.filter((fact) => before[fact] !== after[fact]);
}

/**
 * What would have changed a recommendation, for people: "no refund within 31 min 42 s; $6.00 (25 %) from 39 min 1 s".
 * Empty where nothing would.
 */
export function describeAlternatives({ alternatives = [] }: Pick<Evidence, 'alternatives'>): string {
  return alternatives
    .map(({ when, seconds, refund_class, refund_usd, refund_percent }) => {
      const amount = refund_class === 'none' ? 'no refund' : `$${refund_usd} (${refund_percent} %)`;
      return `${amount} ${when} ${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    })
    .join('; ');
}

/**
 * Says why class and amount do not fit together, or undefined where they do: `none` is 0, `full` is the
 * order's total, `partial` lies strictly between. Amounts in cents.
 */
export function amountClassError(
  refundClass: RefundClass,
  amount: number,
  total: number,
): string | undefined {
  switch (refundClass) {
    case 'none':
      return amount === 0 ? undefined : 'No refund means an amount of $0.00.';
    case 'full':
      return amount === total && total > 0 ? undefined : "A full refund is exactly the order's total.";
    case 'partial':
      return amount > 0 && amount < total
        ? undefined
        : "A partial refund is more than $0.00 and less than the order's total.";
  }
}

/** Why a person overrides a suggestion, in words for a screen. */
export const reasonLabels = {
  incorrect_facts: 'The facts of the suggestion are wrong',
  amount_too_low: 'The amount is too low for what went wrong',
  amount_too_high: 'The amount is too high for what went wrong',
  not_our_fault: 'The delay is not ours',
  food_quality: 'Quality of the food',
  missing_items: 'Items were missing',
  already_compensated: 'The customer has been compensated already',
  goodwill: 'Goodwill',
  other: 'Another reason',
} as const;

export type ReasonCode = keyof typeof reasonLabels;
export const reasonCodes = Object.keys(reasonLabels) as [ReasonCode, ...ReasonCode[]];

/** A stored reason code in words; one that is no longer in the list as it is. */
export function nameReason(code: string): string {
  return Object.hasOwn(reasonLabels, code) ? reasonLabels[code as ReasonCode] : code;
}

type Answer = { refundClass: RefundClass | null; refundCents: number | null };

/** Whether a decision differs from the suggestion; without an answer there is nothing to override. */
export function overridesSuggestion(suggested: Answer, refundClass: RefundClass, amount: number): boolean {
  if (suggested.refundClass === null) return false;
  return suggested.refundClass !== refundClass || suggested.refundCents !== amount;
}

/** How a decision compares with its suggestion; the history can be filtered by the first two. */
export type Difference =
  | { kind: 'accepted' }
  | { kind: 'overridden'; from: RefundClass; cents: Cents }
  | { kind: 'no_suggestion' }
  | { kind: 'revoked' };

type Compared = {
  kind: 'decision' | 'undo' | 'reversal';
  refundClass: RefundClass;
  amountCents: Cents;
  suggested: { refundClass: RefundClass | null; refundCents: Cents | null };
};

/** Compares a decision with its suggestion; `cents` is how much more was decided, below zero how much less. */
export function differenceOf({ kind, refundClass, amountCents, suggested }: Compared): Difference {
  if (kind !== 'decision') return { kind: 'revoked' };
  const { refundClass: from, refundCents } = suggested;
  if (from === null || refundCents === null) return { kind: 'no_suggestion' };
  if (!overridesSuggestion(suggested, refundClass, amountCents)) return { kind: 'accepted' };
  return { kind: 'overridden', from, cents: amountCents - refundCents };
}
