import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeRedirect } from './safe-redirect.ts';

test.each(['/refunds', '/refunds/A1?sort=amount#history', '/decisions?q=a%2Fb'])(
  '%s is a page of the console',
  (path) => {
    expect(safeRedirect(path)).toBe(path);
  },
);

test.each([
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/..//evil.example',
  'https://evil.example',
  'https:/evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'refunds',
  '',
  ' /refunds',
  '/api/summary',
  '/sign-in?next=/sign-in',
  undefined,
  ['/refunds', '//evil.example'],
  { toString: () => '//evil.example' },
])('%j leads to the queue', (path) => {
  expect(safeRedirect(path)).toBe('/refunds');
});

test('no input leads to another site', () => {
  const hostile = fc.array(
    fc.constantFrom('/', '\\', '.', ':', '@', '?', '#', '\t', ' ', 'evil.example', '%2f'),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        hostile.map((parts) => `/${parts.join('')}`),
      ),
      (path) => {
        expect(new URL(safeRedirect(path), 'https://console.example').origin).toBe('https://console.example');
      },
    ),
  );
});
