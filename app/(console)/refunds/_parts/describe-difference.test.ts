import { expect, test } from 'vitest';
import type { RefundClass } from '#lib/contract/refund.ts';
import type { PastDecision } from '#lib/refunds/history/index.ts';
import { describeDifference } from './describe-difference.ts';

const decided = (
  [refundClass, amountCents]: [RefundClass, number],
  [suggestedClass, refundCents]: [RefundClass | null, number | null],
  kind: PastDecision['kind'] = 'decision',
) =>
  describeDifference({
    id: '1',
    kind,
    orderId: 'A',
    decidedTs: '2026-01-01T00:00:00Z',
    refundClass,
    amountCents,
    reason: 'r',
    reasonCode: null,
    decidedBy: 'a@x',
    approvedBy: null,
    supersedesId: null,
    suggested: { refundClass: suggestedClass, refundCents },
  });

test.each([
  [['partial', 300], ['partial', 300], 'As suggested'],
  [['partial', 450], ['partial', 300], '+$1.50'],
  [['partial', 150], ['partial', 300], '−$1.50'],
  [['none', 0], ['partial', 300], '−$3.00, not Partial'],
  [['full', 2000], ['none', 0], '+$20.00, not None'],
  [['partial', 300], [null, null], 'Nothing suggested'],
] as const)('%j decided where %j was suggested is "%s"', (made, suggested, words) => {
  expect(decided([...made], [...suggested])).toBe(words);
});

test('what takes a decision back is compared with nothing', () => {
  expect(decided(['none', 0], ['partial', 300], 'undo')).toBe('Undone');
  expect(decided(['none', 0], ['none', 0], 'reversal')).toBe('Reversed');
});
