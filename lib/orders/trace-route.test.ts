import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventType } from '#lib/contract/event.ts';
import { parseTimelineEvent, type TimelineEvent } from './order-events.ts';
import { traceRoute } from './trace-route.ts';
import { pointAt, shareAt } from './walk-route.ts';

const size = { width: 400, height: 200, padding: 10 };
const start = Date.parse('2026-11-20T12:00:00Z');

function event(type: EventType, minute: number, body: unknown = {}, sequence = minute): TimelineEvent {
  const ts = `${new Date(start + minute * 60_000).toISOString().slice(0, 23)}000Z`;
  return parseTimelineEvent(
    type,
    { eventId: `${type}-${minute}`, ts, sequence, gkId: 'gk', location: 'sf' },
    body,
  );
}

const drive = [
  event('driver_picked_up', 0, {
    route_points: [
      [45, -122],
      [45.01, -122],
      [45.01, -121.99],
    ],
    eta_mins: 9,
  }),
  event('driver_ping', 4, { progress_pct: 40, loc_lat: 45.008, loc_lon: -122 }),
  event('driver_ping', 6, { progress_pct: 60, loc_lat: 45.01, loc_lon: -121.998 }),
  event('delivered', 10, { delivered_lat: 45.01, delivered_lon: -121.99 }),
];

test('the route fills its picture, north up, with its length and without coordinates of the earth', () => {
  const route = traceRoute(drive, size);
  expect(route?.path).toHaveLength(3);
  const [from, corner, to] = route?.path ?? [];
  expect(corner?.[0]).toBe(from?.[0]);
  expect(corner?.[1]).toBeCloseTo(10, 1);
  expect(from?.[1]).toBeCloseTo(190, 1);
  expect(to?.[1]).toBe(corner?.[1]);
  // A hundredth of a degree is 1.112 km to the north and cos 45.01° of that to the east.
  expect(route?.km).toBeCloseTo(1.112 + 0.786, 2);
  expect(JSON.stringify(route)).not.toMatch(/45\.0|-12[12]/);
});

test('the progress of the driver is that of the pings, interpolated between them', () => {
  const { milestones = [] } = traceRoute(drive, size) ?? {};
  const at = (minute: number) => shareAt(milestones, start + minute * 60_000);
  expect([at(-5), at(0), at(2), at(4), at(5), at(10), at(60)]).toEqual([0, 0, 0.2, 0.4, 0.5, 1, 1]);
});

test('without a planned route the pings are used; with fewer than two points there is none', () => {
  const [, ping, second, delivered] = drive;
  const unplanned = event('driver_picked_up', 0, { eta_mins: 9 });
  const events = [unplanned, ping, second, delivered].filter((one) => one !== undefined);
  expect(traceRoute(events, size)?.path).toHaveLength(3);
  expect(traceRoute([unplanned, ...(ping ? [ping] : [])], size)).toBeUndefined();
  expect(traceRoute(drive.slice(1), size)).toBeUndefined();
});

test('coordinates that are all the same, or not on earth, make no picture', () => {
  const at = (route_points: number[][]) => traceRoute([event('driver_picked_up', 0, { route_points })], size);
  const same = at([
    [45, -122],
    [45, -122],
  ]);
  const far = at([
    [4500, -122],
    [0, 999],
  ]);
  expect([same, far]).toEqual([undefined, undefined]);
});

test('any path runs from its first point to its last and stays inside its box', () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 200 }));
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 2 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (path, share) => {
        const [x, y] = pointAt(path, share);
        expect(x >= 0 && x <= 400.001 && y >= 0 && y <= 200.001).toBe(true);
        expect(pointAt(path, 0)).toEqual(path[0]);
      },
    ),
  );
});
