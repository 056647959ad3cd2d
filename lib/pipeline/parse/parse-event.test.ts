import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rules } from '../tables/bronze/rules.ts';
import { parseEvent } from './parse-event.ts';

const item = { id: 1, category_id: 2, menu_id: 3, brand_id: 4, name: 'Soup', price: 8.08, qty: 3 };
const order = (items: unknown) => ({ body: JSON.stringify({ items }) });
const event = (changes: object = {}) => ({
  event_id: 'e1',
  event_type: 'order_created',
  ts: '2026-10-01 00:00:47.000000',
  gk_id: 'k1',
  location: 'sf',
  order_id: 'A1',
  sequence: 0,
  ...order([item]),
  ...changes,
});

const parse = (record: unknown) => parseText(JSON.stringify(record));
const parseText = (text: string | Buffer) => parseEvent(Buffer.from(text));
const ruleOf = (text: string | Buffer) => parseText(text).rejection?.rule;

test('an event is typed, with its body as it was written', () => {
  const { value } = parse(event());
  expect(value).toMatchObject({
    event_id: 'e1',
    ts: '2026-10-01T00:00:47.000000Z',
    sequence: 0,
    rescued: null,
    unknown: [],
  });
  expect(value?.body).toBe(event().body);
});

test.each([
  ['2026-10-01 00:00:47.123', '2026-10-01T00:00:47.123000Z'],
  ['2026-10-01T00:00:47Z', '2026-10-01T00:00:47.000000Z'],
  ['2026-10-01T02:00:47.5+02:00', '2026-10-01T00:00:47.500000Z'],
])('ts %s is %s', (ts, instant) => {
  expect(parse(event({ ts })).value?.ts).toBe(instant);
});

test.each([
  ['1764000000', '2025-11-24T16:00:00.000000Z'],
  ['1764000000.1234569', '2025-11-24T16:00:00.123456Z'],
  ['1764000000123', '2025-11-24T16:00:00.123000Z'],
  ['1764000000123456.9', '2025-11-24T16:00:00.123456Z'],
])('ts as the number %s is exact from its source', (number, instant) => {
  const text = JSON.stringify(event()).replace('"2026-10-01 00:00:47.000000"', number);
  expect(parseText(text).value?.ts).toBe(instant);
});

test('a body that is an object is kept as the exact source of the object', () => {
  const body = '{ "items" : [ {"price": 8.080, "qty": 3e0, "id": 1.0} ],\n "extra": 1e2 }';
  const text = `{"body":0, "event_id":"e1","event_type":"order_created","ts":"2026-10-01 00:00:47",
    "order_id":"A1","sequence":0,"body" : ${body} }`;
  expect(parseText(text).value?.body).toBe(body);
});

test('fields that the contract does not know are kept in their exact source', () => {
  const text = JSON.stringify(event()).replace('{', '{"weight": 1.10, "big":12345678901234567890,');
  expect(parseText(text).value?.rescued).toBe('{"weight":1.10,"big":12345678901234567890}');
});

test('null is legal for values that a source does not know', () => {
  const unknown = { ...item, id: null, brand_id: null, name: null };
  expect(
    parse(event({ gk_id: null, location: null, location_id: null, ...order([unknown]) })).value,
  ).toBeDefined();
});

test.each<[boolean, object]>([
  [false, {}],
  [false, { gk_id: undefined, tip: null, ...order([{ ...item, note: null }]) }],
  [true, { gk_id: null }],
  [true, { location: null }],
  [true, { location_id: null }],
  [true, order([item, { ...item, brand_id: null }])],
  [true, { body: JSON.stringify({ items: [item], customer_addr: null }) }],
  [true, { event_type: 'delivered', body: { delivered_lat: null, delivered_lon: 1 } }],
  [true, { event_type: 'driver_picked_up', body: '{"eta_mins":null}' }],
  [false, { event_type: 'gk_ready', body: '{"eta_mins":null}' }],
])('a null in a field of the contract is noticed: %j for %j', (expected, changes) => {
  expect(parse(event(changes)).value?.hasNull).toBe(expected);
});

test.each([
  ['missing_event_id', { event_id: undefined }, 'event_id is missing'],
  ['missing_order_id', { order_id: undefined }, 'order_id is missing'],
  ['missing_order_id', { order_id: '' }, 'order_id is missing'],
  [
    'unknown_event_type',
    { event_type: 'order_teleported' },
    'event_type "order_teleported" is none of order_created',
  ],
  ['unknown_event_type', { event_type: undefined }, 'event_type is missing'],
  ['bad_timestamp', { ts: '2026-02-30 00:00:00' }, 'ts "2026-02-30 00:00:00" is not a timestamp'],
  ['bad_timestamp', { ts: '0000-01-01 00:00:00' }, 'is not a timestamp'],
  ['bad_timestamp', { ts: '1764000000' }, 'is not a timestamp'],
  ['bad_timestamp', { ts: true }, 'ts true is not a timestamp'],
  ['unclear_timestamp', { ts: 12 }, 'ts 12 is not clearly seconds, milliseconds or microseconds'],
  ['unclear_timestamp', { ts: -1_764_000_000 }, 'ts -1764000000 is not clearly'],
  ['bad_sequence', { sequence: -1 }, 'sequence -1'],
  ['bad_sequence', { sequence: '0' }, 'sequence "0"'],
  ['bad_field', { order_id: 7 }, 'order_id 7'],
  ['bad_field', { location: 'x'.repeat(201) }, 'location "xxx'],
  ['bad_field', { location_id: 2 ** 31 }, 'location_id 2147483648'],
  ['bad_body', { body: undefined }, 'body is missing'],
  ['bad_body', { body: '{"items":' }, 'body is not JSON'],
  ['bad_body', { body: '[]' }, 'body is JSON, but no object'],
  ['no_items', order([]), 'body.items []'],
  ['no_items', order(null), 'body.items null'],
  ['too_many_items', order(Array(501).fill(item)), 'body.items has 501 lines'],
  ['bad_quantity', order([item, { ...item, qty: -2 }]), 'body.items[1].qty -2'],
  ['bad_quantity', order([{ ...item, qty: 1.5 }]), 'body.items[0].qty 1.5'],
  ['bad_price', order([{ ...item, price: -1 }]), 'body.items[0].price -1'],
  ['bad_price', order([{ ...item, price: 1.005 }]), 'has a fraction of a cent'],
  ['bad_price', order([{ ...item, price: '8.08' }]), 'body.items[0].price "8.08"'],
  ['bad_item', order([{ ...item, brand_id: 'x' }]), 'body.items[0].brand_id "x"'],
])('%s', (rule, changes, reason) => {
  const { rejection } = parse(event(changes));
  expect(rejection?.rule).toBe(rule);
  expect(rejection?.reason).toContain(reason);
});

const text = JSON.stringify(event());
test.each([
  ['malformed_json', text.slice(0, -20)],
  ['malformed_json', text.replace('"A1"', 'NaN')],
  ['malformed_json', ''],
  ['not_an_object', '[]'],
  ['not_an_object', 'null'],
  [
    'invalid_utf8',
    Buffer.concat([Buffer.from(text.slice(0, 14)), Buffer.from([0xff]), Buffer.from(text.slice(14))]),
  ],
  ['invalid_utf8', Buffer.from(text, 'utf16le').fill(0xff, 0, 2)],
  ['null_byte', text.replace('A1', 'A\0')],
  ['null_byte', text.replace('A1', 'A\\u0000')],
  ['null_byte', text.replace('Soup', 'So\\\\u0000up')],
  ['null_byte', text.replace('{', '{"\\u0000":1,')],
  ['lone_surrogate', text.replace('A1', '\\ud83d')],
  ['lone_surrogate', text.replace('Soup', '\\\\uDE00')],
  ['number_out_of_range', text.replace('8.08', '1e-20000')],
  ['number_out_of_range', text.replace('8.08', '1e400')],
  ['number_out_of_range', text.replace('8.08', `0.${'0'.repeat(400)}1`)],
  ['nested_too_deep', text.replace('{', `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},`)],
])('%s', (rule, broken) => {
  expect(ruleOf(broken)).toBe(rule);
});

test('escapes and digits that only look unstorable are accepted', () => {
  const names = ['caf\\u00e9', '\\ud83d\\ude00', '\\\\u0000', '1e999 street'];
  for (const name of names) {
    const record = event({ body: `{"items":[{"name":"${name}","price":1,"qty":1}]}` });
    expect(parse(record).value?.body).toBe(record.body);
  }
});

test('a record is an event or breaks a rule of the list, and never throws', () => {
  const bytes = Buffer.from(text);
  const mutation = fc.tuple(fc.nat(bytes.length), fc.nat(20), fc.uint8Array({ maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      const mutated = mutations.reduce(
        (record, [at, length, insert]) =>
          Buffer.concat([record.subarray(0, at), insert, record.subarray(at + length)]),
        bytes,
      );
      const { value, rejection } = parseEvent(mutated);
      expect(value !== undefined || Object.keys(rules).includes(rejection?.rule ?? '')).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
