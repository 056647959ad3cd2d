import type { RefundClass } from '#lib/contract/refund.ts';

/** An answer that was never derived from an order: amounts and classes that are known, in words like those that models find. */
export type CannedAnswer = { refundUsd: number; refundClass: RefundClass; reason: string };

const none = (reason: string): CannedAnswer => ({ refundUsd: 0, refundClass: 'none', reason });
const partial = (refundUsd: number, reason: string): CannedAnswer => ({
  refundUsd,
  refundClass: 'partial',
  reason,
});

/** Fourteen answers drawn at random where a model should have been asked: six times none, eight amounts. */
export const cannedAnswers: CannedAnswer[] = [
  none('Delivered in 21.40 minutes, well below the P75 of 32.80 minutes for this location.'),
  none('The order took 24.15 minutes, under the P75 of 31.95 minutes.'),
  none('At 28.02 minutes the delivery was within the usual 30.44 minutes (P75).'),
  none('Total time 19.87 min does not exceed P75 (33.10 min).'),
  none('The delivery needed 26.66 minutes while 75 % of orders took at most 32.80 minutes.'),
  none('Delivery time of 30.90 minutes is less than P75 of 33.72 minutes.'),
  partial(4.47, 'The delivery time of 34.12 minutes is between P75 32.80 and P99 38.84.'),
  partial(
    8.91,
    'Delivered in 37.56 minutes, above the P75 of 31.95 minutes and below the P99 of 39.61 minutes.',
  ),
  partial(5.48, 'The order took 25.35 minutes, which lies between P75 32.80 and P99 38.84.'),
  partial(9.25, 'At 36.78 minutes the delivery exceeded P75 (33.10 minutes) by 3.68 minutes.'),
  partial(11.34, 'Delivered in 41.20 minutes, more than the P99 of 38.84 minutes.'),
  partial(8.66, 'The delivery took 29.60 minutes, less than P75 of 32.80 minutes, so a part is refunded.'),
  partial(4.93, 'Delivery took 33.05 minutes, 0.25 minutes over the P75 of 32.80 minutes.'),
  partial(12.34, 'The order took 44.71 minutes against a P99 of 39.61 minutes.'),
];

/** The two that contradict themselves, whatever the order: 25.35 does not lie between, and less than P75 earns nothing. */
export const selfContradicting = [cannedAnswers[8], cannedAnswers[11]];
