import { expect, test } from 'vitest';
import { OperatorError, UsageError } from '#lib/errors.ts';
import { describeError, isConnectionLost } from './connection-error.ts';

const coded = (code: string) => Object.assign(new Error('something technical'), { code });

test.each([
  ['53100', /disk is full/],
  ['ENOSPC', /disk is full/],
  ['ECONNREFUSED', /No Postgres answers/],
  ['28P01', /user or password/],
  ['3D000', /does not exist/],
])('%s becomes a sentence, also when it is wrapped', (code, sentence) => {
  const wrapped = new Error('Failed query: select 1', { cause: coded(code) });
  expect(describeError(wrapped)).toBeInstanceOf(OperatorError);
  expect(describeError(wrapped)?.message).toMatch(sentence);
});

test('an error that is written for people is returned as it is', () => {
  const error = new UsageError('Name a table.');
  expect(describeError(error)).toBe(error);
});

test('a fault of the program has no description', () => {
  expect(describeError(new TypeError('x is undefined'))).toBeUndefined();
  expect(describeError(coded('42601'))).toBeUndefined();
});

test('tells a lost connection from a rejected statement', () => {
  expect(isConnectionLost(coded('57P01'))).toBe(true);
  expect(isConnectionLost(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isConnectionLost(coded('23505'))).toBe(false);
  expect(describeError(new Error('Connection terminated unexpectedly'))?.message).toMatch(/was lost/);
});
