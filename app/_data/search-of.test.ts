import { expect, test } from 'vitest';
import { searchOf } from './search-of.ts';

test('a page is found again with the same query', () => {
  expect(searchOf({ status: 'all', after: ['a', 'b'], gone: undefined })).toBe('status=all&after=a&after=b');
  expect(searchOf({})).toBe('');
});
