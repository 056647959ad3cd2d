import { z } from 'zod';
import { decideRefundSchema } from '#lib/contract/decision.ts';
import {
  amountClassError,
  overridesSuggestion,
  type ReasonCode,
  type RefundClass,
  reasonCodes,
  refundClasses,
} from '#lib/contract/refund.ts';
import { type Cents, formatUsd, parseUsd, toDecimal } from '#lib/money.ts';
import type { Suggestion } from '#lib/refunds/queue/index.ts';

/** What a person has entered so far; `reason` is null while they have not touched it. */
export type Draft = {
  refundClass: RefundClass | null;
  amount: string;
  reasonCode: ReasonCode | null;
  reason: string | null;
};

const draftSchema = z.strictObject({
  refundClass: z.enum(refundClasses).nullable(),
  amount: z.string().max(40),
  reasonCode: z.enum(reasonCodes).nullable(),
  reason: z.string().max(1000).nullable(),
});

/** Reads a draft that was kept as JSON. @returns undefined without one, or if another version wrote it in another form. */
export function parseDraft(kept: string | null): Draft | undefined {
  if (kept === null) return undefined;
  const { data } = z.preprocess(readJson, draftSchema).safeParse(kept);
  return data;
}

function readJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

export type DraftErrors = { refundClass?: string; amountUsd?: string; reasonCode?: string; reason?: string };

/** What the form knows of the order and its suggestion. */
export type FormContext = { totalCents: Cents; suggestion: Suggestion | null };

/** The draft that a form begins with: the suggestion, or nothing where the scorer had no answer. */
export function startDraft({ suggestion }: FormContext): Draft {
  const isPartial = suggestion?.refundClass === 'partial' && suggestion.refundCents !== null;
  return {
    refundClass: suggestion?.refundClass ?? null,
    amount: isPartial ? toDecimal(suggestion.refundCents ?? 0) : '',
    reasonCode: null,
    reason: null,
  };
}

/** The draft's amount in cents; undefined while it is not a valid amount. */
export function amountOf({ refundClass, amount }: Draft, total: Cents): Cents | undefined {
  if (refundClass === 'none') return 0;
  if (refundClass === 'full') return total;
  return refundClass === 'partial' ? parseUsd(amount.trim().replace(/^\$/, '')) : undefined;
}

/** The reason to send: the person's own, or that of the suggestion while the draft follows it. */
export function reasonOf(draft: Draft, { totalCents, suggestion }: FormContext): string {
  if (draft.reason !== null) return draft.reason;
  const follows =
    suggestion?.refundClass != null &&
    suggestion.refundClass === draft.refundClass &&
    suggestion.refundCents === amountOf(draft, totalCents);
  return follows ? suggestion.reason : '';
}

/** Whether the draft overrides the suggestion, which needs a reason code. */
export function isOverride(draft: Draft, { totalCents, suggestion }: FormContext): boolean {
  const amount = amountOf(draft, totalCents);
  if (!suggestion || draft.refundClass === null || amount === undefined) return false;
  return overridesSuggestion(suggestion, draft.refundClass, amount);
}

/** The errors of a draft by field; empty where it can be sent. */
export function checkDraft(draft: Draft, context: FormContext): DraftErrors {
  const reason = decideRefundSchema.shape.reason.safeParse(reasonOf(draft, context));
  return {
    ...(draft.refundClass === null && { refundClass: 'Choose what the customer gets back.' }),
    ...amountError(draft, context.totalCents),
    ...(isOverride(draft, context) &&
      draft.reasonCode === null && { reasonCode: 'Choose why you depart from the suggestion.' }),
    ...(!reason.success && { reason: reason.error.issues[0]?.message }),
  };
}

/** Why the amount is not valid, in words for the person who enters it. */
export function amountError(draft: Draft, total: Cents): Pick<DraftErrors, 'amountUsd'> {
  if (draft.refundClass === null) return {};
  const amount = amountOf(draft, total);
  if (amount === undefined) return { amountUsd: 'Enter the amount in dollars and cents, as in 4.50.' };
  if (amount > total) return { amountUsd: `At most ${formatUsd(total)}, the order's total.` };
  if (draft.refundClass === 'partial' && amount === total)
    return { amountUsd: "That is the order's total: choose a full refund." };
  const reason = amountClassError(draft.refundClass, amount, total);
  return reason ? { amountUsd: reason } : {};
}

/** The label of the submit button; it names the amount only where it is valid. */
export function describeSubmit(draft: Draft, total: Cents): string {
  if (draft.refundClass === 'none') return 'No refund';
  const amount = amountError(draft, total).amountUsd ? undefined : amountOf(draft, total);
  return amount === undefined ? 'Refund' : `Refund ${formatUsd(amount)}`;
}
