import { expect, test } from 'vitest';
import { paths, toSearch } from './paths.ts';

test('links carry what they are given', () => {
  expect(paths.refunds()).toBe('/refunds');
  expect(paths.refunds('?status=all')).toBe('/refunds?status=all');
  expect(paths.refund('a/b?c', 'sort=oldest')).toBe('/refunds/a%2Fb%3Fc?sort=oldest');
  expect(paths.refund('..')).toBe('/refunds/~..');
  expect(paths.signIn('/refunds?status=all')).toBe('/sign-in?next=%2Frefunds%3Fstatus%3Dall');
});

test('a page is found again with the same query', () => {
  expect(toSearch({ status: 'all', after: ['a', 'b'], gone: undefined })).toBe('status=all&after=a&after=b');
  expect(toSearch({})).toBe('');
});
