import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountClassError, refundAnswerSchema, refundClasses } from '#lib/contract/refund.ts';

const total = fc.integer({ min: 0, max: 10_000_000 });
const amount = fc.integer({ min: -10_000, max: 20_000_000 });

test.each([
  ['none', 0, 2_000],
  ['none', 0, 0],
  ['full', 2_000, 2_000],
  ['partial', 1, 2_000],
  ['partial', 1_999, 2_000],
] as const)('%s with %d of %d holds', (refundClass, cents, of) => {
  expect(amountClassError(refundClass, cents, of)).toBeUndefined();
});

test.each([
  ['none', 1, 2_000, /\$0\.00/],
  ['full', 1_999, 2_000, /exactly/],
  ['full', 2_001, 2_000, /exactly/],
  ['full', 0, 0, /exactly/],
  ['partial', 0, 2_000, /more than/],
  ['partial', 2_000, 2_000, /less than/],
  ['partial', -1, 2_000, /more than/],
] as const)('%s with %d of %d does not, and says why', (refundClass, cents, of, reason) => {
  expect(amountClassError(refundClass, cents, of)).toMatch(reason);
});

test('whatever holds lies between nothing and the total', () => {
  fc.assert(
    fc.property(fc.constantFrom(...refundClasses), amount, total, (refundClass, cents, of) => {
      return amountClassError(refundClass, cents, of) !== undefined || (cents >= 0 && cents <= of);
    }),
  );
});

test('at most one class fits an amount', () => {
  fc.assert(
    fc.property(amount, total, (cents, of) => {
      return refundClasses.filter((each) => amountClassError(each, cents, of) === undefined).length <= 1;
    }),
  );
});

test('an answer of a scorer is a class, an amount that is not negative and a reason', () => {
  const answer = { refund_usd: 4.5, refund_class: 'partial', reason: 'late' };
  expect(refundAnswerSchema.safeParse(answer).success).toBe(true);
  for (const wrong of [
    { refund_usd: -1 },
    { refund_usd: Number.NaN },
    { refund_usd: '4.5' },
    { refund_class: 'half' },
    { reason: '' },
  ])
    expect(refundAnswerSchema.safeParse({ ...answer, ...wrong }).success).toBe(false);
});
