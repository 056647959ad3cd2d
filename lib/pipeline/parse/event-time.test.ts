import { expect, test } from 'vitest';
import { horizonAt, watermarkBehind } from './event-time.ts';

test('the watermark is three hours behind, to the microsecond and across days', () => {
  expect(watermarkBehind('2026-10-01T02:00:00.123456Z')).toBe('2026-09-30T23:00:00.123456Z');
  expect(watermarkBehind('2026-03-29T03:30:00.000001Z')).toBe('2026-03-29T00:30:00.000001Z');
});

test('an event time is accepted up to ten minutes ahead of the clock', () => {
  expect(horizonAt(new Date('2026-10-01T11:55:00.500Z'))).toBe('2026-10-01T12:05:00.500000Z');
});
