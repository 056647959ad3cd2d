import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventTypes } from '#lib/contract/event.ts';
import { CopyRows } from './copy-rows.ts';
import { EventKeys, eventKey, keyTexts } from './event-keys.ts';
import { parseEvent } from './parse-event.ts';
import { PlainEvent } from './plain-event.ts';
import { readInstant } from './read-instant.ts';

const usual = {
  event_id: '0123456789abcdef0123456789abcdef',
  event_type: 'driver_ping',
  ts: '2026-10-31 23:59:47.000001',
  gk_id: 'k1',
  location: 'sf',
  location_id: 1,
  order_id: 'A1',
  sequence: 0,
  body: '{"progress_pct":9.8,"loc_lat":-40.47,"loc_lon":0}',
};
const plain = new PlainEvent();
const isPlain = (text: string) => plain.read(Buffer.from(text));

/** What is plain must be, field by field, what the contract's own parser reads. */
function check(text: string): boolean {
  const bytes = Buffer.from(text);
  if (!plain.read(bytes)) return false;
  const { value } = parseEvent(bytes);
  const body = new CopyRows(1);
  body.ascii(bytes, plain.body);
  const expected = new CopyRows(1);
  expected.text(value?.body);
  expect(body.finish()).toEqual(expected.finish());
  expect({
    ...{ event_id: plain.textOf(plain.event_id), event_type: plain.textOf(plain.event_type) },
    ...{ gk_id: plain.textOf(plain.gk_id), location: plain.textOf(plain.location) },
    ...{ order_id: plain.textOf(plain.order_id), instant: plain.instant },
    ...{ location_id: plain.location_id, sequence: plain.sequence, rescued: null, items: [] },
  }).toEqual({
    ...{ event_id: value?.event_id, event_type: value?.event_type },
    ...{ gk_id: value?.gk_id, location: value?.location },
    ...{ order_id: value?.order_id, instant: value && readInstant(value.ts) },
    ...{ location_id: value?.location_id, sequence: value?.sequence },
    ...{ rescued: value?.rescued, items: value?.items },
  });
  expect(plain.isDelivery).toBe(value?.event_type === 'delivered');
  return true;
}

const spaced = (text: string) => text.replaceAll(/":|,(?=\\?")/g, '$& ');

test.each([
  ['without spaces', JSON.stringify(usual)],
  ['with the spaces that Python writes', spaced(JSON.stringify(usual))],
  ['in another order', JSON.stringify(Object.fromEntries(Object.entries(usual).reverse()))],
  ['without a body', JSON.stringify({ ...usual, event_type: 'gk_ready', body: '{}' })],
  ['delivered', JSON.stringify({ ...usual, event_type: 'delivered', body: '{"delivered_lat":1.5}' })],
  [
    'with a route',
    JSON.stringify({
      ...usual,
      event_type: 'driver_picked_up',
      body: '{"eta_mins": 5, "route_points": [[1.5, 2], [3,-4.25]]}',
    }),
  ],
])('an event is plain %s', (_what, text) => {
  expect(check(text)).toBe(true);
});

const without = (name: string) => JSON.stringify({ ...usual, [name]: undefined });
test.each([
  ...Object.keys(usual).map(without),
  ...['event_id', 'order_id', 'location', 'body'].map((name) => JSON.stringify({ ...usual, [name]: '' })),
  ...['order_created', 'teleported'].map((event_type) => JSON.stringify({ ...usual, event_type })),
  ...['2026-02-29', '2026-13-01', '2026-00-10', '1969-12-31', '2200-01-01', '2026-1-011'].map((date) =>
    JSON.stringify({ ...usual, ts: `${date} 00:00:00.000000` }),
  ),
  ...['24:00:00.000000', '00:60:00.000000', '00:00:60.000000', '00:00:00.00000', '00:00:00.000000Z'].map(
    (time) => JSON.stringify({ ...usual, ts: `2026-10-01 ${time}` }),
  ),
  JSON.stringify(usual).replace('"sequence":0', '"sequence":01'),
  JSON.stringify(usual).replace('"sequence":0', '"sequence":-1'),
  JSON.stringify(usual).replace('"sequence":0', '"sequence":1.0'),
  JSON.stringify(usual).replace('"sequence":0', '"sequence":1234567890'),
  JSON.stringify(usual).replace('"sequence":0', '"sequence":0,"sequence":1'),
  JSON.stringify({ ...usual, order_id: 'Ä1' }),
  JSON.stringify({ ...usual, order_id: 'a"b' }),
  JSON.stringify({ ...usual, order_id: 'x'.repeat(201) }),
  JSON.stringify({ ...usual, weight: 1 }),
  JSON.stringify({ ...usual, body: { progress_pct: 9 } }),
  ...[
    '[]',
    '{',
    '{"a":1',
    '{"a":01}',
    '{"a":1e3}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":-}',
    '{"a":"b"}',
    '{"a":1,}',
  ].map((body) => JSON.stringify({ ...usual, body })),
  ...['{"route_points":1}', '{"route_points":[[1]]}', '{"route_points":[[1,2]', '{"other":[[1,2]]}'].map(
    (body) => JSON.stringify({ ...usual, event_type: 'driver_picked_up', body }),
  ),
  `${JSON.stringify(usual)} `,
  `${JSON.stringify(usual)}}`,
  JSON.stringify(usual).slice(0, -1),
  '',
])('what is %s is left to the parser of the contract', (text) => {
  expect(isPlain(text)).toBe(false);
});

test('an event that is plain is read as the contract has it, whatever was changed in its text', () => {
  const texts = eventTypes.map((event_type) => JSON.stringify({ ...usual, event_type }));
  const change = fc.record({
    text: fc.constantFrom(...texts, ...texts.map(spaced)),
    at: fc.nat(400),
    length: fc.nat(3),
    put: fc.oneof(
      fc.constantFrom('', '"', '\\', '\\"', '{', '}', '[', ']', ',', ':', ' ', '0', '-', '.', 'e', 'é'),
      fc.string({ maxLength: 3 }),
    ),
  });
  let plainOnes = 0;
  fc.assert(
    fc.property(change, ({ text, at, length, put }) => {
      if (check(text.slice(0, at) + put + text.slice(at + length))) plainOnes += 1;
    }),
    { numRuns: 20_000 },
  );
  expect(plainOnes).toBeGreaterThan(1000);
});

test('keys count once, however many and however alike', () => {
  const ids = Array.from({ length: 5000 }, (_, n) => (n % 2 ? `e${n}` : n.toString(16).padStart(32, '0')));
  const before = new EventKeys();
  for (const id of ids.slice(0, 1000)) before.add(eventKey(id));
  const keys = new EventKeys(before.finish());
  const added = [...ids, ...ids].filter((id) => keys.add(eventKey(id)));
  expect(added).toEqual(ids.slice(1000));
  expect(keys.count).toBe(4000);
  expect(keyTexts(keys.finish())).toEqual(new Set(ids.slice(1000).map(eventKey)));
});

test('a key is read from the bytes of its digits', () => {
  const keys = new EventKeys();
  expect(keys.addAt(Buffer.from(`"${usual.event_id}"`), 1)).toBe(true);
  expect(keys.addAt(Buffer.from(usual.event_id), 0)).toBe(false);
  expect(keys.add(usual.event_id)).toBe(false);
  expect(keys.addAt(Buffer.from(usual.event_id.toUpperCase()), 0)).toBeUndefined();
  expect(keys.count).toBe(1);
});
