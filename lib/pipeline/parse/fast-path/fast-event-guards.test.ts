import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodySchemas, envelopeSchema, eventTypes } from '#lib/contract/event.ts';
import { acceptEnvelope, acceptItems } from './fast-event-guards.ts';

/** Mostly what an event has, and now and then what it must not. */
const edge = fc.constantFrom(
  ...[undefined, null, '', 'x', 'x'.repeat(200), 'x'.repeat(201), true, [], {}, [1, 2], [[1, 2]]],
  ...[
    0,
    -0,
    1,
    -1,
    1.5,
    1000,
    1001,
    8.08,
    8.085,
    0.1 + 0.2,
    1e4,
    10_000.01,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
  ],
  ...[Number.NaN, Number.POSITIVE_INFINITY, 1e-7, 1e300],
);
const mostly = (value: unknown) => fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, edge);
const price = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents / 100),
  fc.double(),
  edge,
);

const envelope = fc.record({
  event_id: mostly('e1'),
  event_type: fc.constantFrom(...eventTypes, 'order_teleported', null),
  ts: fc.oneof(
    fc.constantFrom('2026-10-01 00:00:47.000000', '2026-10-31T01:00:47+01:00', '2026-02-30 00:00:00.000000'),
    fc.stringMatching(
      /^2026-1[0-2]-[0-2]\d[ Tt][0-2]\d:[0-5]\d(:[0-5]\d(\.\d{1,10})?)?([Zz]|[+-]0\d(:?[0-6]0)?)?$/,
    ),
    fc.constantFrom(1_764_000_000, 1_764_000_000_123, 1_764_000_000_123_456),
    edge,
  ),
  gk_id: mostly('k1'),
  location: mostly('sf'),
  location_id: mostly(1),
  order_id: mostly('A1'),
  sequence: mostly(0),
  body: mostly('{}'),
});

const item = fc.record({
  id: mostly(1),
  category_id: mostly(2),
  menu_id: mostly(3),
  brand_id: mostly(4),
  name: mostly('Soup'),
  price,
  qty: mostly(2),
});

const body = fc.record(
  {
    items: fc.oneof(fc.array(fc.oneof({ weight: 9, arbitrary: item }, edge), { maxLength: 3 }), edge),
    customer_lat: mostly(1.5),
    customer_addr: mostly('Street 1'),
    route_points: mostly([[1, 2]]),
    eta_mins: mostly(3),
    progress_pct: mostly(50),
    loc_lon: mostly(1),
    delivered_lat: mostly(1),
  },
  { requiredKeys: [] },
);

test('the schema accepts every envelope that the guard accepts, with the same result', () => {
  let accepted = 0;
  fc.assert(
    fc.property(envelope, (record) => {
      const read = acceptEnvelope(record);
      if (!read) return;
      accepted += 1;
      expect(envelopeSchema.parse(record)).toEqual(read);
    }),
    { numRuns: 5000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('the schema of its type accepts every body that the guard accepts, with the same order lines', () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...eventTypes), body, (type, given) => {
      const items = acceptItems(type, given);
      if (!items) return;
      accepted += 1;
      const parsed = bodySchemas[type].parse(given);
      expect('items' in parsed ? parsed.items : []).toEqual(items);
    }),
    { numRuns: 5000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('the guard accepts exactly the prices that are whole cents', () => {
  const isAccepted = (value: unknown) =>
    acceptItems('order_created', { items: [{ price: value, qty: 1 }] }) !== undefined;
  fc.assert(
    fc.property(price, (value) => {
      const isRight = bodySchemas.order_created.safeParse({ items: [{ price: value, qty: 1 }] }).success;
      expect(isAccepted(value)).toBe(isRight);
    }),
    { numRuns: 5000 },
  );
});
