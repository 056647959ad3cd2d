import { differenceOf } from '#lib/contract/refund.ts';
import { formatUsd } from '#lib/money.ts';
import type { PastDecision } from '#lib/refunds/history/index.ts';
import { classLabels } from './class-badge.tsx';

/** A decision against its suggestion, in a few words: "As suggested", "+$1.50", "−$3.00, not Partial". */
export function describeDifference(decision: PastDecision): string {
  const difference = differenceOf(decision);
  switch (difference.kind) {
    case 'accepted':
      return 'As suggested';
    case 'no_suggestion':
      return 'Nothing suggested';
    case 'revoked':
      return decision.kind === 'undo' ? 'Undone' : 'Reversed';
    case 'overridden': {
      const amount = `${difference.cents > 0 ? '+' : ''}${formatUsd(difference.cents)}`;
      const isOtherClass = difference.from !== decision.refundClass;
      return isOtherClass ? `${amount}, not ${classLabels[difference.from]}` : amount;
    }
  }
}
