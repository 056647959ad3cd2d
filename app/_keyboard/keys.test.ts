import { expect, test } from 'vitest';
import { formatKeys, matchesKeys } from './keys.tsx';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test('a key is that key alone, whatever its case', () => {
  expect(matchesKeys(press('j'), 'j')).toBe(true);
  expect(matchesKeys(press('J'), 'j')).toBe(true);
  expect(matchesKeys(press('?'), '?')).toBe(true);
  expect(matchesKeys(press('k'), 'j')).toBe(false);
});

test('a key of the browser or of the system is never ours', () => {
  expect(matchesKeys(press('f', { ctrlKey: true }), 'f')).toBe(false);
  expect(matchesKeys(press('n', { metaKey: true }), 'n')).toBe(false);
  expect(matchesKeys(press('a', { altKey: true }), 'a')).toBe(false);
});

test('mod is Ctrl or ⌘', () => {
  expect(matchesKeys(press('k', { ctrlKey: true }), 'mod+k')).toBe(true);
  expect(matchesKeys(press('k', { metaKey: true }), 'mod+k')).toBe(true);
  expect(matchesKeys(press('k'), 'mod+k')).toBe(false);
});

test('keys are written as the keyboard shows them', () => {
  expect(['j', 'mod+k', 'Escape', '?', 'Enter'].map(formatKeys)).toEqual([
    'J',
    'Ctrl K',
    'Esc',
    '?',
    'Enter',
  ]);
});
