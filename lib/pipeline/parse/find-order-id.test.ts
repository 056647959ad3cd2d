import { expect, test } from 'vitest';
import { findOrderId } from './find-order-id.ts';

test.each([
  ['an event that breaks a rule', '{"order_id":"a","ts":"soon"}', 'a'],
  ['one that is cut off', '{"event_id":"1","order_id" : "a b","body":"{', 'a b'],
  ['escapes', '{"order_id":"a\\"b\\u00e9', null],
  ['escapes, complete', '{"order_id":"a\\"b\\u00e9",', 'a"bé'],
  ['the last of doubled names, as JSON reads it', '{"order_id":"a","order_id":"b"}', 'b'],
  ['the order of the envelope, not one inside the body', '{"body":{"order_id":"x"},"order_id":"a"}', 'a'],
  ['a name inside the text of a body', '{"body":"{\\"order_id\\":\\"x\\"}","order_id":"a",', 'a'],
  ['no order', '{"order_id":null,"x":1}', null],
  ['an empty id', '{"order_id":"",', null],
  ['an id of another type', '{"order_id":5}', null],
  ['an id that is too long', `{"order_id":"${'a'.repeat(201)}",`, null],
  ['an id that no column can hold', '{"order_id":"a\\u0000",', null],
  ['half a surrogate pair', '{"order_id":"a\\ud800"}', null],
  ['an array', '[{"order_id":"a"}]', 'a'],
  ['nothing', '', null],
])('%s', (_, text, expected) => {
  expect(findOrderId(Buffer.from(text))).toBe(expected);
});

test('bytes that are not UTF-8 do not hide the order', () => {
  const record = Buffer.concat([
    Buffer.from('{"x":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('","order_id":"a"}'),
  ]);
  expect(findOrderId(record)).toBe('a');
});
