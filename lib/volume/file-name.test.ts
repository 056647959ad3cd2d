import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFileName, parseFileName } from './file-name.ts';

test('a name contains the end of its window and its writer', () => {
  expect(formatFileName(new Date('2026-11-03T09:05:07.250Z'), 'portland')).toBe(
    '20261103-090507.250000-portland.json',
  );
});

test('formatted names can be parsed, and names sort by time', () => {
  const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, instant, fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), (one, other, suffix) => {
      const name = formatFileName(one, suffix);
      expect(parseFileName(name)).toEqual({ end: one.toISOString().replace('Z', '000Z'), suffix });
      if (one < other) expect(name < formatFileName(other, suffix)).toBe(true);
    }),
  );
});

test('names in other forms are not parsed', () => {
  expect(parseFileName('20261003-025828.000001.json')).toEqual({ end: '2026-10-03T02:58:28.000001Z' });
  expect(parseFileName('20261003-025828.000000-00008.json.gz')?.suffix).toBe('00008');
  expect(parseFileName('.20261003-025828.000000-00008.json')).toBeUndefined();
  expect(parseFileName('20261332-025828.000000.json')).toBeUndefined();
  expect(parseFileName('part-00000.json')).toBeUndefined();
});
