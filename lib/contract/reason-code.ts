import type { RefundClass } from './refund.ts';

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
