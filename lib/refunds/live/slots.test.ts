import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

test('a slot too many evicts the oldest one of the same key', () => {
  const slots = createSlots(2);
  const ended: string[] = [];
  const open = (key: string, name: string) => slots.acquire(key, () => ended.push(name));
  open('ana', 'first');
  const releaseSecond = open('ana', 'second');
  open('ben', 'other');
  open('ana', 'third');
  expect(ended).toEqual(['first']);
  releaseSecond();
  open('ana', 'fourth');
  expect(ended).toEqual(['first']);
  open('ana', 'fifth');
  expect(ended).toEqual(['first', 'third']);
});

test('a slot that is released twice is released once', () => {
  const slots = createSlots(1);
  const ended: string[] = [];
  const release = slots.acquire('ana', () => ended.push('first'));
  release();
  slots.acquire('ana', () => ended.push('second'));
  release();
  slots.acquire('ana', () => ended.push('third'));
  expect(ended).toEqual(['second']);
});
