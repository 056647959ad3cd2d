import { expect, test } from 'vitest';
import { type EventType, lifecycleTypes } from '#lib/contract/event.ts';
import { buildTimeline } from './build-timeline.ts';
import { parseTimelineEvent, type TimelineEvent } from './order-events.ts';

const start = Date.parse('2026-11-20T12:00:00Z');

function event(type: EventType, minute: number, body: unknown = {}, sequence = minute): TimelineEvent {
  const ts = `${new Date(start + minute * 60_000).toISOString().slice(0, 23)}000Z`;
  const envelope = { eventId: `${type}-${minute}`, ts, sequence, gkId: 'gk', location: 'sf' };
  return parseTimelineEvent(type, envelope, body);
}

function describe(single: TimelineEvent): { label: string; detail: string | null } {
  const [entry] = buildTimeline([single]).entries;
  if (entry?.kind !== 'event') throw new Error('the event must have its own entry');
  return { label: entry.label, detail: entry.detail };
}

test('consecutive pings become one entry', () => {
  const { entries } = buildTimeline([
    event('driver_picked_up', 18),
    event('driver_ping', 20),
    event('driver_ping', 22),
    event('delivered', 25),
    event('driver_ping', 26),
  ]);
  expect(entries.map((entry) => (entry.kind === 'pings' ? entry.eventIds : entry.label))).toEqual([
    'Driver picked up',
    ['driver_ping-20', 'driver_ping-22'],
    'Delivered',
    ['driver_ping-26'],
  ]);
  expect(entries[1]).toMatchObject({
    fromTs: '2026-11-20T12:20:00.000000Z',
    toTs: '2026-11-20T12:22:00.000000Z',
  });
});

test('every event type has a label, with the figure of its body', () => {
  const labels = lifecycleTypes.map((type) => describe(event(type, 0)).label);
  expect(new Set(labels).size).toBe(lifecycleTypes.length);
  const created = event('order_created', 0, '{"customer_addr":"1 Main St","items":[{"price":4.5,"qty":2}]}');
  expect(describe(created)).toEqual({ label: 'Order placed', detail: '2 items' });
  expect(JSON.stringify(created)).not.toContain('Main St');
  expect(describe(event('driver_picked_up', 0, { eta_mins: 7.4 })).detail).toBe('ETA 7 min');
  expect(describe(event('order_created', 0, '{broken'))).toEqual({ label: 'Order placed', detail: null });
});

test('the promise is the pick-up and its ETA', () => {
  const pickedUp = event('driver_picked_up', 0, { eta_mins: 9 });
  expect(buildTimeline([pickedUp, event('delivered', 10)]).promise).toEqual({
    promisedTs: '2026-11-20T12:09:00.000Z',
    etaMinutes: 9,
    lateMinutes: 1,
  });
  expect(buildTimeline([pickedUp]).promise?.lateMinutes).toBeNull();
  expect(buildTimeline([event('delivered', 10)]).promise).toBeUndefined();
});

test('repeated and contradictory events, events after the delivery and a long silence are anomalies', () => {
  const usual = buildTimeline([event('driver_ping', 4), event('driver_ping', 6)]);
  expect(usual.entries.flatMap(({ anomalies }) => anomalies)).toEqual([]);
  const { entries } = buildTimeline([
    event('order_created', 0),
    event('gk_started', 2, {}, 9),
    event('gk_started', 3, {}, 5),
    event('driver_picked_up', 10, {}, 10),
    event('driver_ping', 16, {}, 11),
    event('delivered', 17, {}, 12),
    event('driver_ping', 18, {}, 13),
  ]);
  expect(entries.flatMap(({ eventIds, anomalies }) => anomalies.map((text) => [...eventIds, text]))).toEqual([
    ['gk_started-3', '“Kitchen started” was reported before'],
    ['gk_started-3', 'Its number says earlier than its time'],
    ['driver_ping-16', 'No word for 6 min before'],
    ['driver_ping-18', 'Comes after the delivery'],
  ]);
});
