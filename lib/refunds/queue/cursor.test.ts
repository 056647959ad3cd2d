import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValidationError } from '#lib/errors.ts';
import { readCursor, writeCursor } from './cursor.ts';

test.each([
  ['newest', '2026-01-02 12:00:00.123456+00'],
  ['oldest', '2026-01-02 12:00:00+00'],
  ['amount', '-1'],
  ['lateness', '45.016666666666666'],
] as const)('a place of the sort %s comes back as it was', (sort, key) => {
  const place = { key, orderId: 'ördér-1' };
  expect(readCursor(sort, writeCursor(sort, place))).toEqual(place);
});

test.each([
  ['of another sort', writeCursor('amount', { key: '1', orderId: 'a' })],
  ['with SQL for a key', writeCursor('newest', { key: "now()'; drop table x", orderId: 'a' })],
  ['with an invalid date', writeCursor('newest', { key: '2026-02-30 00:00:00+00', orderId: 'a' })],
  ['with a null byte', writeCursor('newest', { key: '2026-01-02 12:00:00+00', orderId: 'a\0' })],
  ['of another shape', Buffer.from('{"__proto__":[]}').toString('base64url')],
  ['that is empty', ''],
])('a cursor %s is refused', (_, text) => {
  expect(() => readCursor('newest', text)).toThrow(ValidationError);
});

test('only cursors are accepted', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => readCursor('lateness', text)).toThrow(ValidationError);
    }),
  );
});
