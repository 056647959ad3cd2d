import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTimestamp, parseEpoch, parseTimestamp } from '#lib/contract/timestamp.ts';

const instant = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});

describe('parseTimestamp', () => {
  test.each([
    ['2024-02-29 23:59:59.123456', '2024-02-29T23:59:59.123456Z'],
    ['2024-02-29 23:59:59.123', '2024-02-29T23:59:59.123000Z'],
    ['2024-02-28 23:59:59.123456', '2024-02-28T23:59:59.123456Z'],
    ['2024-02-29 23:59:59', '2024-02-29T23:59:59.000000Z'],
    ['2024-02-29T23:59:59.5Z', '2024-02-29T23:59:59.500000Z'],
    ['2024-03-01T01:29:59+01:30', '2024-02-29T23:59:59.000000Z'],
    ['2024-02-29T16:59:59.000001-0700', '2024-02-29T23:59:59.000001Z'],
    ['2024-02-29T16:59:59-07', '2024-02-29T23:59:59.000000Z'],
    ['2024-02-29 23:59:59.9999999', '2024-02-29T23:59:59.999999Z'],
    ['2024-02-29T23:59:59.123456789Z', '2024-02-29T23:59:59.123456Z'],
    ['2024-02-29t23:59:59.1z', '2024-02-29T23:59:59.100000Z'],
    ['2024-02-29T23:59Z', '2024-02-29T23:59:00.000000Z'],
    ['2024-02-29 23:59', '2024-02-29T23:59:00.000000Z'],
    ['2024-03-01T01:29+01:30', '2024-02-29T23:59:00.000000Z'],
    ['2024-02-29 23:59:59.5+00', '2024-02-29T23:59:59.500000Z'],
    ['2024-02-29T23:59:59+0000', '2024-02-29T23:59:59.000000Z'],
    ['2024-02-29T23:59:59.000001-00:00', '2024-02-29T23:59:59.000001Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected);
  });

  test.each([
    '2023-02-29 12:00:00',
    '2024-04-31 12:00:00',
    '2024-13-01 12:00:00',
    '2024-00-01 12:00:00.000000',
    '2024-13-01 12:00:00.000000',
    '2024-01-00 12:00:00.000000',
    '2024-01-01 24:00:00.000000',
    '2024-01-01 12:60:00.000000',
    '2024-01-01 12:00:60.000000',
    '0000-01-01 00:00:00.000000',
    '2024-01-01 24:00:00',
    '2024-01-01 12:60:00',
    '2024-01-01 12:00:60',
    '2024-01-01 12:00:00.1234567890',
    '2024-01-01 12:00:00.',
    '2024-01-01 12:00.5',
    '2024-01-01 12',
    '2024-01-01 24:00',
    '2024-01-01 12:60',
    '2024-01-01 12:00:00+16:00',
    '2024-01-01 12:00:00+01:60',
    '0000-01-01 00:00:00',
    '0001-01-01 00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2024-01-01',
    '1704110400',
    ' 2024-01-01 12:00:00',
    'infinity',
    'now',
    '',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  test('keeps the instant, whatever the offset', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -15 * 60, max: 15 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 23);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        return parseTimestamp(`${local}${zone}`) === `${date.toISOString().slice(0, 23)}000Z`;
      }),
    );
  });

  test('cuts what is beyond microseconds, never into another second', () => {
    fc.assert(
      fc.property(
        instant,
        fc.stringMatching(/^\d{1,9}$/),
        fc.constantFrom('T', 't', ' '),
        (date, decimals, t) => {
          const [day = '', time = ''] = date.toISOString().slice(0, 19).split('T');
          const expected = `${day}T${time}.${decimals.padEnd(9, '0').slice(0, 6)}Z`;
          for (const zone of ['', 'Z', 'z', '+00', '-0000', '+00:00'])
            expect(parseTimestamp(`${day}${t}${time}.${decimals}${zone}`)).toBe(expected);
        },
      ),
    );
  });

  test('reads its own answer as itself', () => {
    fc.assert(
      fc.property(instant, (date) => {
        const once = parseTimestamp(formatTimestamp(date.getTime())) ?? '';
        return parseTimestamp(once) === once;
      }),
    );
  });
});

describe('parseEpoch', () => {
  test.each([
    ['1764000000', '2025-11-24T16:00:00.000000Z'],
    ['1764000000.123456', '2025-11-24T16:00:00.123456Z'],
    ['1764000000.1234569', '2025-11-24T16:00:00.123456Z'],
    ['1764000000.9999999', '2025-11-24T16:00:00.999999Z'],
    ['1764000000.5', '2025-11-24T16:00:00.500000Z'],
    ['1764000000123', '2025-11-24T16:00:00.123000Z'],
    ['1764000000123.4567', '2025-11-24T16:00:00.123456Z'],
    ['1764000000123456', '2025-11-24T16:00:00.123456Z'],
    ['1764000000123456.9', '2025-11-24T16:00:00.123456Z'],
    ['1.764000000123E9', '2025-11-24T16:00:00.123000Z'],
    ['1.764E12', '2025-11-24T16:00:00.000000Z'],
    ['9999999999', '2286-11-20T17:46:39.000000Z'],
    ['9999999999999999', '2286-11-20T17:46:39.999999Z'],
  ])('reads %s', (text, expected) => {
    expect(parseEpoch(text)).toBe(expected);
  });

  test.each([
    ...['0', '12', '999999999', '17640000000', '176400000000', '17640000000000', '176400000000000'],
    ...[
      '1764000000000000000',
      '-1764000000',
      '1.764e+09',
      '1764000000e-3',
      '0.1764E10',
      '',
      'NaN',
      '01764000000',
    ],
  ])('refuses %j', (text) => {
    expect(parseEpoch(text)).toBeUndefined();
  });

  test('cuts to microseconds, in whatever unit and with however many decimals', () => {
    const nanoseconds = fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n - 1n });
    const unit = fc.constantFrom(10, 13, 16);
    fc.assert(
      fc.property(nanoseconds, unit, fc.stringMatching(/^\d{0,12}$/), (value, wholeDigits, more) => {
        const digits = `${value}${more}`;
        const micros = value / 1000n;
        const iso = new Date(Number(micros / 1000n)).toISOString().slice(0, 23);
        expect(parseEpoch(`${digits.slice(0, wholeDigits)}.${digits.slice(wholeDigits)}`)).toBe(
          `${iso}${String(micros % 1000n).padStart(3, '0')}Z`,
        );
      }),
    );
  });
});

test('formatTimestamp writes microseconds in UTC, and in an order that sorts like time', () => {
  expect(formatTimestamp(Date.UTC(2024, 1, 29, 23, 59, 59, 7))).toBe('2024-02-29 23:59:59.007000');
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [left, right] = [formatTimestamp(a.getTime()), formatTimestamp(b.getTime())];
      return Math.sign(a.getTime() - b.getTime()) === (left === right ? 0 : left < right ? -1 : 1);
    }),
  );
});

function two(value: number): string {
  return String(value).padStart(2, '0');
}
