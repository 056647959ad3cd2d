import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

test('one more than there are ends the one taken first, and nobody else’s', () => {
  const take = createPlaces(2);
  const ended: string[] = [];
  const open = (key: string, name: string) => take(key, () => ended.push(name));
  open('ana', 'first');
  const giveBackSecond = open('ana', 'second');
  open('ben', 'other');
  open('ana', 'third');
  expect(ended).toEqual(['first']);
  giveBackSecond();
  open('ana', 'fourth');
  expect(ended).toEqual(['first']);
  open('ana', 'fifth');
  expect(ended).toEqual(['first', 'third']);
});

test('a place that is given back twice is given back once', () => {
  const take = createPlaces(1);
  const ended: string[] = [];
  const giveBack = take('ana', () => ended.push('first'));
  giveBack();
  take('ana', () => ended.push('second'));
  giveBack();
  take('ana', () => ended.push('third'));
  expect(ended).toEqual(['second']);
});
