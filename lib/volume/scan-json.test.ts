import fc from 'fast-check';
import { expect, test } from 'vitest';
import { depthOf, endOfValue, listMembers } from './scan-json.ts';

test('a value ends where JSON says', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const bytes = Buffer.from(`${text} , "next"`);
      expect(bytes.toString('utf8', 0, endOfValue(bytes, 0))).toBe(text);
    }),
  );
});

test('members are found by key, as their exact source', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(4), (record, indent) => {
      const bytes = Buffer.from(JSON.stringify(record, null, indent));
      const found = [...listMembers(bytes)].map(([key, { start, end }]) => [
        key,
        JSON.stringify(JSON.parse(bytes.toString('utf8', start, end))),
      ]);
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries(Object.entries(record).map(([key, value]) => [key, JSON.stringify(value)])),
      );
    }),
  );
});

test('for a repeated key the last one counts, as in JSON.parse', () => {
  const bytes = Buffer.from('{"a": 1.50, "b": [ ], "a": 2.500 }');
  const span = listMembers(bytes).get('a');
  expect(bytes.toString('utf8', span?.start, span?.end)).toBe('2.500');
});

test('depth counts brackets outside strings', () => {
  expect(depthOf(Buffer.from('{"a":[{"b":"[[["}],"c":[]}'))).toBe(3);
  expect(depthOf(Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`))).toBe(10_000);
});
