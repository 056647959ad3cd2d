import { expect, test } from 'vitest';
import { describeTimeLeft } from './time-left.ts';

test.each([
  [0, 0, 10, ''],
  [1_000, 0, 10, ''],
  [1_000, 10, 10, ''],
  [1_000, 1, 10, 'about 9 s left'],
  [60_000, 1, 3, 'about 2 min left'],
  [3_600_000, 1, 4, 'about 3 h left'],
])('after %i ms with %i of %i done', (elapsed, done, total, words) => {
  expect(describeTimeLeft(elapsed, done, total)).toBe(words);
});
