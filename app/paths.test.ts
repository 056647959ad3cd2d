import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paths, safeNext } from './paths.ts';

test('links carry what they are given', () => {
  expect(paths.refunds()).toBe('/refunds');
  expect(paths.refunds('?status=all')).toBe('/refunds?status=all');
  expect(paths.refund('a/b?c', 'sort=oldest')).toBe('/refunds/a%2Fb%3Fc?sort=oldest');
  expect(paths.signIn('/refunds?status=all')).toBe('/sign-in?next=%2Frefunds%3Fstatus%3Dall');
});

test('after signing in, nobody is sent to another site', () => {
  expect(safeNext('/refunds?status=all')).toBe('/refunds?status=all');
  for (const foreign of [
    'https://e.com',
    '//e.com',
    '/\\e.com',
    '\\\\e.com',
    '/\t/e.com',
    'javascript:1',
    '',
  ])
    expect(safeNext(foreign)).toBe('/');
  fc.assert(
    fc.property(fc.string(), fc.webUrl(), (text, url) => {
      for (const next of [text, url, `/${text}`])
        expect(new URL(safeNext(next), 'http://console.test').origin).toBe('http://console.test');
    }),
  );
});
