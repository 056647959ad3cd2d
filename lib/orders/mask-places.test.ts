import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskPlaces } from './mask-places.ts';
import { parseTimelineEvent } from './timeline-event.ts';

const envelope = { eventId: 'e', ts: '2026-11-20T12:00:00.000000Z', sequence: 1, gkId: null, location: null };
const degrees = fc.double({ min: -180, max: 180, noNaN: true, noDefaultInfinity: true });

test('no place in any event is told closer than about a kilometre', () => {
  fc.assert(
    fc.property(degrees, degrees, (lat, lon) => {
      const events = [
        parseTimelineEvent('driver_picked_up', envelope, { route_points: [[lat, lon]], eta_mins: 7.123 }),
        parseTimelineEvent('driver_ping', envelope, { progress_pct: 33.333, loc_lat: lat, loc_lon: lon }),
        parseTimelineEvent('delivered', envelope, { delivered_lat: lat, delivered_lon: lon }),
      ];
      for (const event of events) {
        const places = JSON.stringify(maskPlaces(event).body)
          .replace(/"(eta_mins|progress_pct)":[\d.]+/g, '')
          .match(/-?\d+(\.\d+)?/g);
        for (const place of places ?? []) expect(place.split('.')[1]?.length ?? 0).toBeLessThanOrEqual(2);
      }
    }),
  );
});

test('what is no place stays as it is', () => {
  const ping = parseTimelineEvent('driver_ping', envelope, { progress_pct: 33.333, loc_lat: null });
  expect(maskPlaces(ping).body).toEqual({ progress_pct: 33.333, loc_lat: null, loc_lon: undefined });
  const pickUp = parseTimelineEvent('driver_picked_up', envelope, { eta_mins: 7.5 });
  expect(maskPlaces(pickUp).body).toMatchObject({ eta_mins: 7.5 });
  const odd = parseTimelineEvent('delivered', envelope, 'rubbish');
  expect(maskPlaces(odd).body).toBeNull();
});
