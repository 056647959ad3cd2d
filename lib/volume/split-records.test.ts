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

const layouts = fc.constantFrom('lines', 'array', 'pretty array');

test('records are split correctly for any layout', () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), fc.json()), { minLength: 1 }),
      layouts,
      (records, layout) => {
        const sources = records.map((record) => JSON.stringify(record));
        const content =
          layout === 'lines' ? sources.join('\n') : JSON.stringify(records, null, layout === 'array' ? 0 : 2);
        expect(texts(content).map((text) => JSON.stringify(JSON.parse(text)))).toEqual(sources);
      },
    ),
  );
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
