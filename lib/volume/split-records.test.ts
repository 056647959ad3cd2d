import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitRecords } from './split-records.ts';

const split = (content: string | Buffer) =>
  [...splitRecords(Buffer.from(content))].map(({ line, bytes }) => ({ line, text: bytes.toString('utf8') }));
const texts = (content: string | Buffer) => split(content).map(({ text }) => text);

test('one object per line, with empty lines, carriage returns and no last newline', () => {
  expect(split('{"a":1}\r\n\n  {"b":2}\n{"c":3}')).toEqual([
    { line: 1, text: '{"a":1}' },
    { line: 3, text: '{"b":2}' },
    { line: 4, text: '{"c":3}' },
  ]);
});

test('one object over many lines', () => {
  const pretty = JSON.stringify({ a: [1, { b: '}\n' }] }, null, 2);
  expect(split(`\n${pretty}\n`)).toEqual([{ line: 2, text: pretty }]);
});

test('an array, with the line on which each element starts', () => {
  expect(split('[\n {"a":1}, {"b":[2]},\n\n {"c":\n3} ]\n')).toEqual([
    { line: 2, text: '{"a":1}' },
    { line: 2, text: '{"b":[2]}' },
    { line: 4, text: '{"c":\n3}' },
  ]);
});

test('a byte order mark is not part of the first record', () => {
  expect(texts('\uFEFF{"a":1}\n{"b":2}')).toEqual(['{"a":1}', '{"b":2}']);
  expect(texts('\uFEFF[{"a":1}]')).toEqual(['{"a":1}']);
});

test('an empty file has no records', () => {
  expect(texts('')).toEqual([]);
  expect(texts(' \n\t\r\n')).toEqual([]);
  expect(texts('[ ]')).toEqual([]);
});

test('UTF-16 is one broken record, not one per line', () => {
  expect(split(Buffer.from('\uFEFF{"a":1}\n{"b":2}\n', 'utf16le'))).toHaveLength(1);
});

test.each([
  ['cut inside a string', '{"a":"cut'],
  ['cut between two members', '{"a":1,'],
  ['cut before its value', '{"a":'],
  ['empty of sense', 'no json'],
  ['closed wrongly', '{"a":1]'],
])('a line %s costs itself alone, in lines and in an array', (_what, broken) => {
  expect(texts(`{"x":1}\n${broken}\n{"y":2}\n`)).toEqual(['{"x":1}', broken, '{"y":2}']);
  expect(texts(`${broken}\n{"y":2}\n`)).toEqual([broken, '{"y":2}']);
  const array = texts(`[{"x":1},\n${broken},\n{"y":2},\n{"z":3}]\n`);
  expect(array).toHaveLength(4);
  expect(array[0]).toBe('{"x":1}');
  expect(array.slice(2)).toEqual(['{"y":2}', '{"z":3}']);
});

test('a truncated object over many lines is one record', () => {
  const cut = JSON.stringify({ a: 1, b: { c: [1, 2] } }, null, 2).slice(0, -8);
  expect(texts(cut)).toEqual([cut.trimEnd()]);
});

test('a truncated array keeps its complete elements', () => {
  expect(texts('[{"a":1},{"b":2},{"c":')).toEqual(['{"a":1}', '{"b":2}', '{"c":']);
});

const pretty = (value: unknown) => JSON.stringify(value, null, 2);

test.each([
  ['with nothing between them', '{"a":1}{"b":{}}{"c":[{}]}'],
  ['with a blank between them', '{"a":1} {"b":{}}\t{"c":[{}]}\r\n'],
  ['with commas between lines', '{"a":1},\n{"b":{}},\n{"c":[{}]},\n'],
  ['as an array on each line', '[{"a":1},{"b":{}}]\n[{"c":[{}]}]\n'],
  ['as arrays one after the other', '[{"a":1}][\n{"b":{}},\n{"c":[{}]}]'],
  ['after other byte order marks', '\uFEFF{"a":1}\n\uFEFF{"b":{}}\n\uFEFF{"c":[{}]}'],
])('objects %s', (_what, content) => {
  expect(texts(content)).toEqual(['{"a":1}', '{"b":{}}', '{"c":[{}]}']);
});

test('objects over many lines, one after the other, with the line of each', () => {
  const records = [{ a: 1 }, { b: { c: [{ d: 1 }, { e: '}\n{' }] } }, {}];
  expect(split(`${records.map(pretty).join('\n')}\n`)).toEqual([
    { line: 1, text: pretty(records[0]) },
    { line: 4, text: pretty(records[1]) },
    { line: 16, text: '{}' },
  ]);
  expect(texts(records.map(pretty).join(''))).toEqual(records.map(pretty));
});

test('elements of an array that are no objects are records of their own', () => {
  expect(texts('[1, "a, b", null, {"a":1}, [true, 2]]')).toEqual([
    '1',
    '"a, b"',
    'null',
    '{"a":1}',
    '[true, 2]',
  ]);
});

test('an array without an object is one record, and so is one that ends nowhere', () => {
  const records = ['["not", "an", "event"]', '[[1], [2]]', '[[[[', '{"a":1}', '[oops {"b":2}]', '{"c":3}'];
  expect(texts(records.join('\n'))).toEqual(records);
});

/** How one record is written, and what comes after it. */
const writings = fc.constantFrom<readonly [indent: number | string, separator: string]>(
  ...([
    [0, '\n'],
    [0, ''],
    [0, ' '],
    [0, '\r\n\r\n'],
    [0, ',\n'],
    [2, '\n'],
    [2, ''],
    ['\t', ' \n'],
    [1, ',\n'],
  ] as const),
);

test('objects are records, however each is written', () => {
  const record = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(fc.tuple(record, writings)), fc.boolean(), (records, isArray) => {
      const content = records
        .map(([value, [indent, separator]], index) => {
          const comma = isArray && index < records.length - 1 && !separator.includes(',') ? ',' : '';
          return `${JSON.stringify(value, null, indent)}${comma}${separator}`;
        })
        .join('');
      const found = texts(isArray ? `[${content}]` : content);
      expect(found.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(
        records.map(([value]) => JSON.stringify(value)),
      );
    }),
  );
});

const event = (id: number) => ({
  event_id: `e${id}`,
  body: {
    items: [
      { name: 'Soup, {hot}', price: 1 },
      { name: 'a}{b', price: 2 },
    ],
    note: [[{}]],
  },
  text: '{"items":[{"name":"Bread"}]}',
});
const damages: readonly (readonly [what: string, damage: (text: string) => string])[] = [
  ['a word where a value should be', (text) => text.replace('1', 'oops')],
  ['a value that is missing', (text) => text.replace(/: ?1/, ':')],
  ['a comma too many', (text) => text.replace(/\}(\s*)\]/, '},$1]')],
  ['a comma that is missing', (text) => text.replace(',', '')],
  ['single quotation marks', (text) => text.replace('"Soup', "'Soup")],
  ['a bracket that is missing', (text) => text.replace(']', '')],
  ['a comment', (text) => text.replace('[', '/* { */ [')],
  ['no end', (text) => text.slice(0, text.lastIndexOf('Bread'))],
  ['no closing brace', (text) => text.slice(0, -1).trimEnd()],
];
const layouts: readonly (readonly [name: string, indent: number | string, separator: string])[] = [
  ['lines', 0, '\n'],
  ['objects over lines', 2, '\n'],
  ['objects over lines, indented by tabs', '\t', '\r\n'],
  ['objects over lines with nothing between them', 1, ''],
];

test.each(layouts.flatMap((layout) => damages.map((damage) => [...layout, ...damage] as const)))(
  'in %s (%j, %j) a record with %s is one record, whole, and the others are read',
  (_name, indent, separator, _what, damage) => {
    const records = [0, 1, 2, 3].map((id) => JSON.stringify(event(id), null, indent));
    records[1] = damage(records[1] ?? '');
    expect(texts(records.join(separator))).toEqual(records);
    expect(texts(records.slice(0, 2).join(separator))).toEqual(records.slice(0, 2));
    expect(texts(records.slice(1).join(separator))).toEqual(records.slice(1));
  },
);

test.each(damages)('on one line a record with %s is one record, and the others are read', (_what, damage) => {
  const records = [0, 1, 2, 3].map((id) => JSON.stringify(event(id)));
  records[1] = damage(records[1] ?? '');
  for (const separator of ['', ' ']) expect(texts(records.join(separator))).toEqual(records);
});

test('a text that goes over lines is part of its record', () => {
  const broken = '{"a":"one\ntwo","b":[\n1]}';
  expect(texts(`{"x":1}\n${broken}\n{"y":2}\n`)).toEqual(['{"x":1}', broken, '{"y":2}']);
});

test('what follows an object on its line and is not an object makes one record with it', () => {
  expect(texts('{"a":1} x\n{"b":2}}\n{"c":3}x{"d":4}\nx {"e":5}\n{"f":6}')).toEqual([
    ...['{"a":1} x', '{"b":2}}', '{"c":3}x', '{"d":4}', 'x {"e":5}', '{"f":6}'],
  ]);
});

test.each([
  ['open brackets', '[\n'],
  ['open objects', '{"a":'],
  ['open objects on lines', '{"a":\n'],
  ['broken objects on one line', '{"a":1,}'],
  ['quotation marks', '{"\n'],
  ['words', 'word '],
  ['words in an array', 'a b, '],
])('a file of nothing but %s takes time in proportion to its size', (_what, piece) => {
  const content = `[${piece.repeat(500_000 / piece.length)}`;
  const started = performance.now();
  const found = texts(content).length;
  expect(found).toBeGreaterThanOrEqual(0);
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('it accepts any bytes, and drops only separators', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...'[]{}",:\\\n\r 1a\0\uFEFF')), (characters) => {
      const content = characters.join('');
      const kept = texts(content).join('');
      const bare = (text: string) => text.replaceAll(/[\s,[\]\uFEFF]/g, '');
      expect(bare(kept)).toBe(bare(content));
    }),
    { numRuns: 2000 },
  );
});
