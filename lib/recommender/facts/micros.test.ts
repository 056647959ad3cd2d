import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoFromMicros } from './micros.ts';

test('microseconds are written exactly, before and after 1970', () => {
  expect(isoFromMicros(1_795_176_516_000_001)).toBe('2026-11-20T12:08:36.000001Z');
  expect(isoFromMicros(-1)).toBe('1969-12-31T23:59:59.999999Z');
});

test('any instant, however far, is a time of the years 1 to 9999', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e18, max: 1e18 }).map(Math.round), (micros) => {
      expect(isoFromMicros(micros)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    }),
  );
});
