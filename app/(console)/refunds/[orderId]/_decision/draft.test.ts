import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountClassError, refundClasses } from '#lib/contract/refund.ts';
import type { Suggestion } from '#lib/refunds/queue/index.ts';
import {
  amountOf,
  checkDraft,
  describeSubmit,
  type FormContext,
  parseDraft,
  reasonOf,
  startDraft,
} from './draft.ts';

const suggestion = { refundClass: 'partial', refundCents: 450, reason: 'Late.' } as Suggestion;
const context: FormContext = { totalCents: 3000, suggestion };

test('the form starts with the suggestion and can be sent as it is', () => {
  const draft = startDraft(context);
  expect(draft).toEqual({ refundClass: 'partial', amount: '4.50', reasonCode: null, reason: null });
  expect(reasonOf(draft, context)).toBe('Late.');
  expect(checkDraft(draft, context)).toEqual({});
  expect(describeSubmit(draft, 3000)).toBe('Refund $4.50');
});

test('a failure is never prefilled as a reason', () => {
  const failed = { ...suggestion, refundClass: null, refundCents: null, reason: 'The scorer broke.' };
  const empty = { totalCents: 3000, suggestion: failed };
  expect(reasonOf(startDraft(empty), empty)).toBe('');
  expect(checkDraft(startDraft(empty), empty)).toMatchObject({ refundClass: expect.any(String) });
});

test('an override of the suggestion needs a reason code and a reason', () => {
  const none = { ...startDraft(context), refundClass: 'none' as const };
  expect(reasonOf(none, context)).toBe('');
  expect(checkDraft(none, context)).toEqual({ reason: expect.any(String), reasonCode: expect.any(String) });
  expect(checkDraft({ ...none, reasonCode: 'goodwill', reason: 'Mine.' }, context)).toEqual({});
  expect(describeSubmit(none, 3000)).toBe('No refund');
  expect(reasonOf({ ...none, reason: 'Mine.' }, context)).toBe('Mine.');
});

test('an amount out of bounds is an error of its field', () => {
  const entered = (amount: string) =>
    checkDraft({ refundClass: 'partial', amount, reasonCode: 'other', reason: 'x' }, context);
  expect(entered('30.01').amountUsd).toBe("At most $30.00, the order's total.");
  expect(entered('30.00').amountUsd).toContain('full refund');
  for (const amount of ['0', '-1', '', '1.234', 'one']) expect(entered(amount).amountUsd).toBeDefined();
  expect(entered('$29.99')).toEqual({});
});

test('a draft without errors has an amount that fits its class', () => {
  const draft = fc.record({
    refundClass: fc.constantFrom(...refundClasses),
    amount: fc.oneof(
      fc.string(),
      fc.float({ min: -5, max: 50, noNaN: true }).map((usd) => usd.toFixed(2)),
    ),
    reasonCode: fc.constant(null),
    reason: fc.constant('because'),
  });
  fc.assert(
    fc.property(draft, fc.integer({ min: 0, max: 5000 }), (entered, totalCents) => {
      const errors = checkDraft(entered, { totalCents, suggestion: null });
      if (errors.amountUsd !== undefined) return;
      const amount = amountOf(entered, totalCents) ?? Number.NaN;
      expect(amountClassError(entered.refundClass, amount, totalCents)).toBeUndefined();
    }),
  );
});

test('a kept draft is read as it was; what this version cannot read counts as none', () => {
  const draft = {
    refundClass: 'partial',
    amount: '2.5',
    reasonCode: 'goodwill',
    reason: 'Called twice.',
  } as const;
  expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  for (const kept of [null, '', '{', '{}', '[]', JSON.stringify({ ...draft, refundClass: 'all' })])
    expect(parseDraft(kept)).toBeUndefined();
});
