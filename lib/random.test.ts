import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distributions, integer, pick, type Source, stream } from './random.ts';

const draw = (source: Source, count: number) => Array.from({ length: count }, source);

test('a stream depends on its seed and its keys', () => {
  const key = fc.oneof(fc.string(), fc.integer());
  fc.assert(
    fc.property(fc.integer(), fc.array(key), fc.array(key), (seed, one, other) => {
      expect(draw(stream(seed, ...one), 4)).toEqual(draw(stream(seed, ...one), 4));
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(draw(stream(seed, ...one), 4)).not.toEqual(draw(stream(seed, ...other), 4));
      expect(draw(stream(seed, ...one), 4)).not.toEqual(draw(stream(seed + 1, ...one), 4));
    }),
  );
});

test('the numbers are pinned: a library update must not change the numbers of a seed', () => {
  expect(draw(stream(42, 'portland', 20_000), 3)).toMatchInlineSnapshot(`
    [
      0.9300237280926519,
      0.9802365322541521,
      0.21956965900786185,
    ]
  `);
});

test('numbers are uniform in [0, 1)', () => {
  const counts = Array.from({ length: 20 }, () => 0);
  for (const value of draw(stream(7), 200_000)) {
    expect(value >= 0 && value < 1).toBe(true);
    counts[Math.floor(value * 20)] = (counts[Math.floor(value * 20)] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, p = 0.001
});

test('integers and picks stay within their bounds and reach all values', () => {
  const source = stream(1, 'bounds');
  expect(new Set(Array.from({ length: 500 }, () => integer(source, 2, 4)))).toEqual(new Set([2, 3, 4]));
  expect(new Set(Array.from({ length: 500 }, () => pick(source, ['a', 'b'])))).toEqual(new Set(['a', 'b']));
});

test('the distributions use the stream', () => {
  const of = (seed: number) => draw(distributions(stream(seed)).beta(3, 3), 2000);
  expect(of(1)).toEqual(of(1));
  expect(of(1).reduce((sum, value) => sum + value, 0) / 2000).toBeCloseTo(0.5, 1);
});
