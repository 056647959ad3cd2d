import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EventType, eventTypes } from '#lib/contract/event.ts';
import { measurePhases } from './measure-phases.ts';
import { parseTimelineEvent, type TimelineEvent } from './order-events.ts';

const start = Date.parse('2026-11-20T12:00:00Z');

function event(type: EventType, minute: number, body: unknown = {}): TimelineEvent {
  const ts = `${new Date(start + minute * 60_000).toISOString().slice(0, 23)}000Z`;
  const envelope = { eventId: `${type}-${minute}`, ts, sequence: 0, gkId: 'gk', location: 'sf' };
  return parseTimelineEvent(type, envelope, body);
}

const complete = [
  event('order_created', 0),
  event('gk_started', 4),
  event('gk_finished', 14),
  event('gk_ready', 16),
  event('driver_arrived', 17),
  event('driver_picked_up', 18),
  event('driver_ping', 20),
  event('driver_ping', 22),
  event('delivered', 30),
];

test('a complete order has its five phases, the drive with its pings', () => {
  const { phases, missing, outOfOrder } = measurePhases(complete);
  expect(phases.map(({ label, minutes, pings }) => [label, minutes, pings])).toEqual([
    ['Kitchen queue', 4, 0],
    ['Cooking', 10, 0],
    ['Packing', 2, 0],
    ['Waiting for the driver', 2, 0],
    ['Drive', 12, 2],
  ]);
  expect([missing, outOfOrder]).toEqual([[], []]);
});

test('phases join where the event between them is missing', () => {
  const { phases, missing } = measurePhases([
    event('order_created', 0),
    event('gk_started', 5),
    event('driver_arrived', 20),
    event('delivered', 50),
  ]);
  expect(phases.map(({ label, minutes }) => [label, minutes])).toEqual([
    ['Kitchen queue', 5],
    ['Cooking + Packing + Waiting for the driver + Drive', 45],
  ]);
  expect(missing).toEqual(['gk_finished', 'gk_ready', 'driver_picked_up']);
});

test('the phase under way is open, and nothing is measured without events', () => {
  const open = measurePhases(complete.slice(0, 2));
  expect(open.phases.map(({ label, minutes, toTs }) => [label, minutes, toTs])).toEqual([
    ['Kitchen queue', 4, expect.any(String)],
    ['Cooking', null, null],
  ]);
  expect(measurePhases([]).phases).toEqual([]);
});

test('an event whose time contradicts the others is ignored and reported', () => {
  const late = [
    event('gk_started', 1),
    event('gk_finished', 2),
    event('order_created', 3),
    event('delivered', 9),
  ];
  const { phases, outOfOrder } = measurePhases(late);
  expect(outOfOrder).toEqual(['order_created']);
  expect(phases.map(({ minutes }) => minutes)).toEqual([1, 7]);
});

test('phases never overlap, have no gap and no negative length, for any events', () => {
  const anyEvents = fc.array(fc.tuple(fc.constantFrom(...eventTypes), fc.integer({ min: 0, max: 90 })));
  fc.assert(
    fc.property(anyEvents, (drawn) => {
      const events = drawn
        .map(([type, minute]) => event(type, minute))
        .sort((a, b) => (a.ts < b.ts ? -1 : 1));
      const { phases } = measurePhases(events);
      for (const [at, phase] of phases.entries()) {
        expect(phase.minutes ?? 0).toBeGreaterThanOrEqual(0);
        if (at > 0) expect(phase.fromTs).toBe(phases[at - 1]?.toTs);
      }
    }),
  );
});
