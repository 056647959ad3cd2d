import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromDecodedSegment, fromOrderSegment, toOrderSegment } from './order-path.ts';

const odd = [
  '.',
  '..',
  '~.',
  '~..',
  '~~..',
  '...',
  '~',
  '%2e',
  '%2e%2e',
  '#1',
  'a/b',
  '50%',
  'a?b',
  ' x ',
  '\u202EA',
];
const ids = fc.oneof(
  fc.constantFrom(...odd),
  fc.stringMatching(/^[~.%2e/]{1,6}$/),
  fc.string({ unit: 'grapheme', minLength: 1 }),
);

test('the address of an order leads to that order, whatever its id', () => {
  fc.assert(
    fc.property(ids, (orderId) => {
      const segment = toOrderSegment(orderId);
      const { pathname, search, hash } = new URL(`/refunds/${segment}?sort=oldest`, 'http://console');
      expect({ pathname, search, hash }).toEqual({
        pathname: `/refunds/${segment}`,
        search: '?sort=oldest',
        hash: '',
      });
      expect(fromOrderSegment(segment)).toBe(orderId);
      expect(fromDecodedSegment(decodeURIComponent(segment))).toBe(orderId);
    }),
  );
});

test('usual ids are their own segments', () => {
  expect(toOrderSegment('2WK63IB5')).toBe('2WK63IB5');
  expect(toOrderSegment('..')).toBe('~..');
  expect(toOrderSegment('~..')).toBe('~~..');
});
