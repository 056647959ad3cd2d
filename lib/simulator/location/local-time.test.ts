import { expect, test } from 'vitest';
import { listOpenMinutes, localDayOf, offsetMinutes, openingOf, weekdayOf } from './local-time.ts';

const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
const hours = (opens_at: string | null, closes_at: string | null, time_zone = 'America/Denver') => ({
  time_zone,
  opens_at,
  closes_at,
});

test('offsets are those of the zone, including daylight saving time', () => {
  const january = Date.parse('2026-01-15T12:00:00Z');
  const july = Date.parse('2026-07-15T12:00:00Z');
  expect(offsetMinutes(january, 'America/Denver')).toBe(-420);
  expect(offsetMinutes(july, 'America/Denver')).toBe(-360);
  expect(offsetMinutes(july, 'Asia/Kolkata')).toBe(330);
  expect(offsetMinutes(july, 'UTC')).toBe(0);
});

test('a local day begins at local midnight', () => {
  expect(localDayOf(Date.parse('2026-03-02T06:59:59Z'), 'America/Denver')).toBe(day('2026-03-01'));
  expect(localDayOf(Date.parse('2026-03-02T07:00:00Z'), 'America/Denver')).toBe(day('2026-03-02'));
  expect(localDayOf(Date.parse('2026-03-02T06:59:59Z'), null)).toBe(day('2026-03-02'));
  expect(weekdayOf(day('2026-03-02'))).toBe(0);
  expect(weekdayOf(day('2026-03-08'))).toBe(6);
});

test('open minutes are exactly those between opening and closing', () => {
  const minutes = listOpenMinutes(day('2026-01-15'), hours('10:00', '21:00'));
  expect(minutes).toHaveLength(660);
  expect(new Date(minutes[0]?.at ?? 0).toISOString()).toBe('2026-01-15T17:00:00.000Z');
  expect([minutes[0]?.localMinute, minutes.at(-1)?.localMinute]).toEqual([600, 1259]);
  expect(openingOf(day('2026-01-15'), hours('10:00', '21:00'))).toBe(minutes[0]?.at);
  const odd = listOpenMinutes(day('2026-01-15'), hours('10:07', '10:20'));
  expect(odd.map((minute) => minute.localMinute)).toEqual(Array.from({ length: 13 }, (_, n) => 607 + n));
});

test('a kitchen that closes after midnight keeps counting its minutes', () => {
  const minutes = listOpenMinutes(day('2026-01-15'), hours('22:30', '01:00'));
  expect(minutes.map((minute) => minute.localMinute)).toEqual(
    Array.from({ length: 150 }, (_, minute) => 1350 + minute),
  );
});

test.each([
  ['2026-03-08', 23],
  ['2026-11-01', 25],
  ['2026-06-01', 24],
])('%s has %i hours in a kitchen that never closes', (date, length) => {
  const minutes = listOpenMinutes(day(date), hours(null, null));
  expect(minutes).toHaveLength(length * 60);
  expect(openingOf(day(date) + 1, hours(null, null)) - (minutes.at(-1)?.at ?? 0)).toBe(60_000);
});
