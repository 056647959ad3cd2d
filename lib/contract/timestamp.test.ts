import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTimestamp, parseTimestamp } from '#lib/contract/timestamp.ts';

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
    '2024-01-01 12:00:00.1234567',
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

  test('reads its own answer as itself', () => {
    fc.assert(
      fc.property(instant, (date) => {
        const once = parseTimestamp(formatTimestamp(date.getTime())) ?? '';
        return parseTimestamp(once) === once;
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
