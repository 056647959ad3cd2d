import type { TimelineEvent } from './timeline-event.ts';

/** Two decimals of a degree: about a kilometre, which tells a part of town and no door. */
const DECIMALS = 2;

/** The event with every place on earth in it rounded to about a kilometre. */
export function maskPlaces(event: TimelineEvent): TimelineEvent {
  switch (event.type) {
    case 'driver_picked_up':
      return event.body ? { ...event, body: { ...event.body, route_points: blurRoute(event.body) } } : event;
    case 'driver_ping': {
      if (!event.body) return event;
      const { loc_lat, loc_lon, ...rest } = event.body;
      return { ...event, body: { ...rest, loc_lat: blur(loc_lat), loc_lon: blur(loc_lon) } };
    }
    case 'delivered': {
      if (!event.body) return event;
      const { delivered_lat, delivered_lon } = event.body;
      return {
        ...event,
        body: { delivered_lat: blur(delivered_lat), delivered_lon: blur(delivered_lon) },
      };
    }
    default:
      return event;
  }
}

function blurRoute({ route_points }: { route_points?: [number, number][] | null }) {
  return route_points?.map(([lat, lon]): [number, number] => [blur(lat), blur(lon)]);
}

function blur<Place extends number | null | undefined>(degrees: Place): Place {
  return (typeof degrees === 'number' ? Number(degrees.toFixed(DECIMALS)) : degrees) as Place;
}
