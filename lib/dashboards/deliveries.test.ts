import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPercentile } from './deliveries.ts';

/** As Postgres computes percentile_cont. */
function exact(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const [lower = 0, upper = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return lower + (upper - lower) * (place - Math.floor(place));
}

test('a percentile of full minutes lies within one minute of that of the deliveries', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -20, max: 300, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0, 0.5, 0.75, 0.99, 1),
      (values, part) => {
        const byMinute = Map.groupBy(values, Math.floor);
        const minutes = [...byMinute]
          .map(([minute, { length }]) => ({ minute, deliveries: length }))
          .sort((a, b) => a.minute - b.minute);
        const about = readPercentile(minutes, values.length, part) ?? Number.NaN;
        expect(Math.abs(about - exact(values, part))).toBeLessThan(1);
      },
    ),
  );
});

test('without deliveries there is no percentile', () => {
  expect(readPercentile([], 0, 0.5)).toBeNull();
});
