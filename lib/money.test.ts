import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centsFromNumeric, formatUsd, parseUsd, percentOf, toDecimal } from '#lib/money.ts';

const cents = fc.integer({ min: -99_999_999_999_999, max: 99_999_999_999_999 });

describe('parseUsd', () => {
  test.each([
    ['12', 1200],
    ['12.5', 1250],
    ['12.50', 1250],
    ['12.5000', 1250],
    ['0.07', 7],
    ['-3.25', -325],
    [' 4.50 ', 450],
    ['007', 700],
  ])('reads %j', (text, expected) => {
    expect(parseUsd(text)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    '.5',
    '5.',
    '1,000',
    '$5',
    '1e3',
    '0.001',
    '0x10',
    'NaN',
    'Infinity',
    '٣',
    '--1',
    '+1',
    '1 2',
  ])('refuses %j', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });

  test('never gives negative zero', () => {
    expect(Object.is(parseUsd('-0.00'), 0)).toBe(true);
  });

  test('parses whatever is formatted', () => {
    fc.assert(fc.property(cents, (amount) => parseUsd(toDecimal(amount)) === amount));
  });

  test('a text is either an amount in whole cents or refused', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^-?[0-9.]{0,14}$/));
    fc.assert(fc.property(text, (each) => Number.isSafeInteger(parseUsd(each) ?? 0)));
  });
});

test('centsFromNumeric refuses a fraction of a cent', () => {
  expect(centsFromNumeric('30.19')).toBe(3019);
  expect(() => centsFromNumeric('30.195')).toThrow(RangeError);
});

test('toDecimal refuses a fraction of a cent', () => {
  for (const amount of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    expect(() => toDecimal(amount)).toThrow(RangeError);
});

test.each([
  [0, '$0.00'],
  [5, '$0.05'],
  [123_450, '$1,234.50'],
  [100_000_000, '$1,000,000.00'],
  [-450, '−$4.50'],
])('formatUsd writes %d as %s', (amount, expected) => {
  expect(formatUsd(amount)).toBe(expected);
});

describe('percentOf', () => {
  test.each([
    [2_000, 15, 300],
    [1_666, 15, 250],
    [1_834, 15, 300],
    [3_019, 25, 750],
    [100, 15, 0],
    [0, 25, 0],
  ])('of %d, %d %% is %d to half a dollar', (total, percent, expected) => {
    expect(percentOf(total, percent, 50)).toBe(expected);
  });

  test('rounds exactly half up', () => {
    expect(percentOf(500, 15, 50)).toBe(100);
    expect(percentOf(499, 15, 50)).toBe(50);
  });

  test('is a multiple of the step, within half a step of the exact share', () => {
    const total = fc.integer({ min: 0, max: 500_000_000 });
    fc.assert(
      fc.property(
        total,
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom(1, 5, 25, 50),
        (of, percent, step) => {
          const result = percentOf(of, percent, step);
          const twiceTheError = 2n * (BigInt(result) * 100n - BigInt(of) * BigInt(percent));
          const limit = BigInt(step) * 100n;
          return result % step === 0 && twiceTheError <= limit && twiceTheError > -limit;
        },
      ),
    );
  });
});
