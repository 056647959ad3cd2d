import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { buildTestModel, codes } from '../location/location-model.testing.ts';
import { openEventStream } from './event-stream.ts';

const start = '2026-03-06T18:00:00Z';
const from = Date.parse(start);
const HOUR = 3_600_000;
const DAYS_3 = 72 * HOUR;

const instants = fc
  .array(fc.integer({ min: 1, max: DAYS_3 - 1 }), { maxLength: 30 })
  .map((offsets) => [...new Set(offsets)].sort((one, other) => one - other).map((offset) => from + offset));

test.each(codes)('%s: any sequence of windows has the events of one window', (code) => {
  const whole = openEventStream(buildTestModel(code, { start }), from).take(from + DAYS_3);
  expect(whole.length).toBeGreaterThan(500);
  fc.assert(
    fc.property(instants, (cuts) => {
      const events = openEventStream(buildTestModel(code, { start }), from);
      expect([...cuts, from + DAYS_3].flatMap((end) => events.take(end))).toEqual(whole);
    }),
    { numRuns: 8 },
  );
});

test('a stream opened at any position continues another one', () => {
  const whole = openEventStream(buildTestModel('austin', { start }), from).take(from + DAYS_3);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: DAYS_3 }), (offset) => {
      const rest = openEventStream(buildTestModel('austin', { start }), from + offset).take(from + DAYS_3);
      const position = formatTimestamp(from + offset);
      expect(rest).toEqual(whole.filter((event) => event.ts > position));
    }),
    { numRuns: 20 },
  );
});

test('no future event is visible at any time, and none is out of order', () => {
  const events = openEventStream(buildTestModel('portland', { start }), from);
  for (let now = from; now <= from + DAYS_3; now += HOUR / 4) {
    const seen = events.take(now).map((event) => event.ts);
    expect(seen.every((ts) => ts <= formatTimestamp(now) && ts > formatTimestamp(now - HOUR / 4))).toBe(true);
    expect(seen).toEqual(seen.toSorted());
  }
});

test('no event belongs to an order created before the simulation began', () => {
  const events = openEventStream(buildTestModel('pittsburgh', { start }), from).take(from + 3 * HOUR);
  const created = new Set(events.filter((event) => event.sequence === 0).map((event) => event.order_id));
  expect(created.size).toBeGreaterThan(10);
  expect(events.filter((event) => !created.has(event.order_id))).toEqual([]);
});

test('a kitchen open after midnight when the simulation begins has the rest of that business day', () => {
  const hours = { opens_at: '10:00', closes_at: '01:00' };
  const midnight = '2026-03-07T06:00:00Z';
  const createdFrom = (begin: string, span: number) => {
    const model = buildTestModel('austin', { start: begin });
    expect(model.location).toMatchObject(hours);
    return openEventStream(model, Date.parse(begin))
      .take(Date.parse(midnight) + span)
      .filter((event) => event.sequence === 0 && event.ts > formatTimestamp(Date.parse(midnight)))
      .map((event) => event.order_id);
  };
  const late = createdFrom(midnight, HOUR);
  expect(late.length).toBeGreaterThan(0);
  expect(createdFrom('2026-03-07T05:00:00Z', HOUR)).toEqual(late);
  expect(createdFrom(midnight, 24 * HOUR).length).toBeGreaterThan(late.length + 20);
});

test('a location that sells nothing for years gives no events, and quickly', () => {
  const closed = buildTestModel('denver', { start });
  const events = openEventStream({ ...closed, placements: [] }, from);
  expect(events.take(from + 1000 * DAYS_3)).toEqual([]);
});
