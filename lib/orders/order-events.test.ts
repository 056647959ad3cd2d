import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskCoordinates, parseTimelineEvent } from './order-events.ts';

const envelope = { eventId: 'e', ts: '2026-11-20T12:00:00.000000Z', sequence: 1, gkId: null, location: null };
const degrees = fc.double({ min: -180, max: 180, noNaN: true, noDefaultInfinity: true });

test('no coordinate in any event is more exact than about a kilometre', () => {
  fc.assert(
    fc.property(degrees, degrees, (lat, lon) => {
      const events = [
        parseTimelineEvent('driver_picked_up', envelope, { route_points: [[lat, lon]], eta_mins: 7.123 }),
        parseTimelineEvent('driver_ping', envelope, { progress_pct: 33.333, loc_lat: lat, loc_lon: lon }),
        parseTimelineEvent('delivered', envelope, { delivered_lat: lat, delivered_lon: lon }),
      ];
      for (const event of events) {
        const coordinates = JSON.stringify(maskCoordinates(event).body)
          .replace(/"(eta_mins|progress_pct)":[\d.]+/g, '')
          .match(/-?\d+(\.\d+)?/g);
        for (const degrees of coordinates ?? [])
          expect(degrees.split('.')[1]?.length ?? 0).toBeLessThanOrEqual(2);
      }
    }),
  );
});

test('a value that is not a coordinate stays as it is', () => {
  const ping = parseTimelineEvent('driver_ping', envelope, { progress_pct: 33.333, loc_lat: null });
  expect(maskCoordinates(ping).body).toEqual({ progress_pct: 33.333, loc_lat: null, loc_lon: undefined });
  const pickUp = parseTimelineEvent('driver_picked_up', envelope, { eta_mins: 7.5 });
  expect(maskCoordinates(pickUp).body).toMatchObject({ eta_mins: 7.5 });
  const odd = parseTimelineEvent('delivered', envelope, 'not an object');
  expect(maskCoordinates(odd).body).toBeNull();
});
