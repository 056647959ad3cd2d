import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValidationError } from './errors.ts';
import { assertWellFormed, parseStrictJson } from './strict-json.ts';

function refusalOf(text: string): [field: string, message: string] | undefined {
  try {
    parseStrictJson(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return [error.field, error.message];
  }
}

test('JSON of any shape is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), fc.nat(3), (text, indent) => {
      const value = JSON.parse(text);
      expect(parseStrictJson(JSON.stringify(value, null, indent))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['{"amount_usd":1,"amount_usd":2}', 'amount_usd', '"amount_usd" is given twice.'],
  ['{"amount_usd":1,"amount\\u005fusd":2}', 'amount_usd', '"amount_usd" is given twice.'],
  ['{ "a": [ {"b": 1}, {"b": {"c": ":", "d": [], "c": 1}} ] }', 'a.b.c', '"c" is given twice.'],
  ['[{"":1,"":1}]', '', '"" is given twice.'],
  ['{"__proto__":1,"__proto__":1}', '__proto__', '"__proto__" is given twice.'],
])('%s is refused', (text, field, message) => {
  expect(refusalOf(text)).toEqual([field, message]);
});

test.each([
  ['{"reason":"\\ud83d"}', 'reason'],
  ['{"reason":"a\\ude00b"}', 'reason'],
  ['{"reason":"\\ude00\\ud83d"}', 'reason'],
  ['{"a":{"notes":["fine","\\ud83d"]}}', 'a.notes'],
  ['{"a":1,"\\ud83d":2}', '\ufffd'],
  ['"\\udfff"', ''],
])('%s holds half a character', (text, field) => {
  expect(refusalOf(text)).toEqual([field, 'The text holds half a character (a lone surrogate).']);
});

test.each([
  '{"a":"{\\"b\\":1,\\"b\\":2}","b":"\\ud83d\\ude00","c":"\\\\"}',
  '{"a":{"b":1},"b":{"a":1}}',
  '[["a","a"],{"a":"a"}]',
  '"😀"',
  '1',
])('%s is accepted', (text) => {
  expect(parseStrictJson(text)).toEqual(JSON.parse(text));
});

test.each(['', '{"a":', '<a/>', '{"a":1}{"a":1}', `${'['.repeat(60_000)}`, "{'a':1}"])(
  '%j is not JSON',
  (text) => {
    expect(refusalOf(text)).toEqual(['', 'The body of the request is not JSON.']);
  },
);

test('JSON that is nested as deeply as 64 kB allow is read or refused, but does not fail', () => {
  for (const depth of [1_000, 32_000])
    for (const text of [
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    ])
      expect([undefined, 'The body of the request is not JSON.']).toContain(refusalOf(text)?.[1]);
});

test('half a character in the input of a form is refused with its field', () => {
  assertWellFormed({ reason: 'fine 😀', orders: [{ orderId: 'a' }], days: 3, none: null });
  expect(() => assertWellFormed({ reason: '\ud83d' })).toThrow('holds half a character');
  const refused = [
    [{ reason: '\ud83d' }, 'reason'],
    [{ orders: [{ orderId: 'a' }, { orderId: '\ude00' }] }, 'orders.orderId'],
  ] as const;
  for (const [input, field] of refused)
    expect(() => assertWellFormed(input)).toThrow(expect.objectContaining({ field }));
});
