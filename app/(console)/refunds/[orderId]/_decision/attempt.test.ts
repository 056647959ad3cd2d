import { expect, test } from 'vitest';
import { makeAttemptKey, nextAttempt } from './attempt.ts';

const keys = () => {
  let count = 0;
  return () => `key-${++count}`;
};

test('a try without an answer keeps its key, whatever is sent next', () => {
  const makeKey = keys();
  const first = nextAttempt(undefined, 'a', makeKey);
  expect(nextAttempt(first, 'a', makeKey).key).toBe('key-1');
  expect(nextAttempt(first, 'b', makeKey).key).toBe('key-1');
});

test('after a definite answer new content gets a new key, and the same content the same', () => {
  const makeKey = keys();
  const answered = { ...nextAttempt(undefined, 'a', makeKey), answered: true };
  expect(nextAttempt(answered, 'a', makeKey).key).toBe('key-1');
  expect(nextAttempt(answered, 'b', makeKey).key).toBe('key-2');
});

test('a key has 128 bits as text', () => {
  expect(makeAttemptKey()).toMatch(/^[0-9a-f]{32}$/);
});
