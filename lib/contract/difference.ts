import type { Cents } from '#lib/money.ts';
import { overridesSuggestion } from './reason-code.ts';
import type { RefundClass } from './refund.ts';

/** How a decision stands to what was suggested; a filter of the history knows the first two. */
export type Difference =
  | { kind: 'agreed' }
  | { kind: 'departed'; from: RefundClass; cents: Cents }
  | { kind: 'nothing_suggested' }
  | { kind: 'taken_back' };

type Compared = {
  kind: 'decision' | 'undo' | 'reversal';
  refundClass: RefundClass;
  amountCents: Cents;
  suggested: { refundClass: RefundClass | null; refundCents: Cents | null };
};

/** Compares a decision with its suggestion; `cents` is how much more was decided, below zero how much less. */
export function differenceOf({ kind, refundClass, amountCents, suggested }: Compared): Difference {
  if (kind !== 'decision') return { kind: 'taken_back' };
  const { refundClass: from, refundCents } = suggested;
  if (from === null || refundCents === null) return { kind: 'nothing_suggested' };
  if (!overridesSuggestion(suggested, refundClass, amountCents)) return { kind: 'agreed' };
  return { kind: 'departed', from, cents: amountCents - refundCents };
}
