import { expect, test } from 'vitest';
import {
  formatAgo,
  formatClock,
  formatCount,
  formatDuration,
  formatInstant,
  formatLateness,
  formatLocation,
  formatMinutes,
  formatTimeZone,
  formatWithUtc,
} from './format.ts';

test('minutes, counts and places read as people write them', () => {
  expect(formatMinutes(38.24)).toBe('38.2 min');
  expect(formatLateness(7.3)).toBe('+7.3 min');
  expect(formatLateness(-3.14)).toBe('−3.1 min');
  expect(formatCount(4141)).toBe('4,141');
  expect(formatLocation('palo_alto')).toBe('Palo Alto');
  expect(formatLocation('sf')).toBe('SF');
  expect(formatLocation(null)).toBe('Unknown location');
});

test('durations change their unit where people do', () => {
  expect([42, 310, 4000, -42].map(formatDuration)).toEqual(['42 s', '5 min 10 s', '1 h 6 min', '−42 s']);
});

test('times are relative to now, and absolute in UTC', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const ago = (at: string) => formatAgo(at, now);
  expect(ago('2026-11-24T11:59:30Z')).toBe('just now');
  expect(ago('2026-11-24T11:48:00Z')).toBe('12 min ago');
  expect(ago('2026-11-24T09:00:00Z')).toBe('3 h ago');
  expect(ago('2026-11-21T12:00:00Z')).toBe('3 d ago');
  expect(ago('2026-10-01T00:00:47Z')).toBe('1 Oct 2026');
  expect(ago('2026-11-24T12:05:00Z')).toBe('in 5 min');
  expect(formatInstant('2026-11-24T03:58:12.500Z')).toBe('24 Nov 2026, 03:58:12 UTC');
  expect(formatClock('2026-11-24T03:58:12Z')).toBe('03:58:12');
});

test('who hovers reads their own clock, and UTC beside it', () => {
  const at = '2026-11-24T03:58:12Z';
  expect(formatWithUtc(at, 'America/Los_Angeles')).toBe(
    '23 Nov 2026, 19:58:12 PST · 24 Nov 2026, 03:58:12 UTC',
  );
  expect(formatWithUtc(at, 'UTC')).toBe('24 Nov 2026, 03:58:12 UTC');
});

test('the clock of a place follows its time zone through summer and winter', () => {
  const portland = 'America/Los_Angeles';
  expect(formatClock('2026-11-24T03:58:12Z', portland)).toBe('19:58:12');
  expect(formatClock('2026-07-24T07:00:00Z', portland)).toBe('00:00:00');
  expect([formatTimeZone('2026-11-24T03:58:12Z'), formatTimeZone('2026-11-24T03:58:12Z', portland)]).toEqual([
    'UTC',
    'PST',
  ]);
  expect(formatTimeZone('2026-07-24T07:00:00Z', portland)).toBe('PDT');
});
