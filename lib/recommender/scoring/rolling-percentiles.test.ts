import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimedDelivery } from '../facts/list-deliveries.ts';
import { continuousPercentile, rollPercentiles, SortedWindow } from './rolling-percentiles.ts';

const deliveries = fc
  .array(
    fc.record({
      deliveredAt: fc.integer({ min: 0, max: 200 }),
      minutes: fc.double({ noNaN: true, min: 0, max: 90 }),
    }),
    {
      maxLength: 60,
    },
  )
  .map((list) => list.toSorted((a, b) => a.deliveredAt - b.deliveredAt));

const shares = [0.5, 0.75, 0.99];

function naive(all: TimedDelivery[], instant: number, span: number) {
  const sorted = all
    .filter(({ deliveredAt }) => deliveredAt > instant - span && deliveredAt <= instant)
    .map(({ minutes }) => minutes)
    .sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  return {
    size: sorted.length,
    percentiles: shares.map((share) => continuousPercentile(sorted, sorted.length, share)),
  };
}

test('one pass gives at every instant what sorting the whole window gives', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 260 })).map((list) => list.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(deliveries, instants, fc.integer({ min: 1, max: 120 }), (all, at, span) => {
      const rolling = rollPercentiles(all, span, shares);
      for (const instant of at) expect(rolling.at(instant)).toEqual(naive(all, instant, span));
    }),
  );
});

test('the window grows with what it holds, and removing a value that is not in it is an error', () => {
  const window = new SortedWindow();
  for (let value = 5_000; value > 0; value -= 1) window.add(value);
  expect([window.size, window.values[0], window.values[4_999]]).toEqual([5_000, 1, 5_000]);
  expect(() => window.remove(0.5)).toThrow(RangeError);
  window.remove(1);
  expect([window.size, window.values[0]]).toEqual([4_999, 2]);
});

test('percentiles interpolate between neighbours', () => {
  expect(continuousPercentile([10], 1, 0.99)).toBe(10);
  expect(continuousPercentile([10, 20], 2, 0.75)).toBe(17.5);
  expect(() => continuousPercentile([], 0, 0.5)).toThrow(RangeError);
});
