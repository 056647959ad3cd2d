import { geoDistance, geoMercator } from 'd3-geo';
import type { TimelineEvent } from './timeline-event.ts';

/** Picture units: x to the right, y down, within the size that `traceRoute` was given. */
export type Point = [x: number, y: number];
/** Where the driver was at an instant (milliseconds), as the share of the way that lay behind. */
export type Milestone = { at: number; share: number };

/**
 * The drive as a picture: it shows the shape of the way and holds no place on earth. `km` is the length of
 * the way, `milestones` run from the pick-up to the delivery or to the last ping.
 */
export type Route = { path: Point[]; km: number; milestones: Milestone[]; delivered: boolean };

type Size = { width: number; height: number; padding: number };
type Place = [lat: number, lon: number];

const EARTH_RADIUS_KM = 6371.0088;

/**
 * Draws the drive of an order into a picture of `size`.
 * @param events in time order. Undefined where no pick-up or fewer than two points of the way are known.
 */
export function traceRoute(events: readonly TimelineEvent[], size: Size): Route | undefined {
  const pickedUp = events.find((event) => event.type === 'driver_picked_up');
  const places = listPlaces(events);
  if (!pickedUp || places.length < 2) return undefined;
  const coordinates = places.map(([lat, lon]): [number, number] => [lon, lat]);
  const line = { type: 'LineString' as const, coordinates };
  const { width, height, padding } = size;
  const project = geoMercator().fitExtent(
    [
      [padding, padding],
      [width - padding, height - padding],
    ],
    line,
  );
  const path = coordinates.flatMap((place) => toPoint(project(place)));
  if (path.length < 2) return undefined;
  const delivered = events.find((event) => event.type === 'delivered');
  return {
    path,
    km: measureKm(coordinates),
    milestones: listMilestones(events, pickedUp.ts, delivered?.ts),
    delivered: delivered !== undefined,
  };
}

/** The planned way; where none came, the pings and the place of the delivery stand in for it. */
function listPlaces(events: readonly TimelineEvent[]): Place[] {
  for (const event of events) {
    const planned = event.type === 'driver_picked_up' && event.body?.route_points;
    if (planned && planned.length > 1) return planned.filter(isOnEarth);
  }
  return events.flatMap((event): Place[] => {
    if (event.type === 'driver_ping') return toPlace(event.body?.loc_lat, event.body?.loc_lon);
    if (event.type === 'delivered') return toPlace(event.body?.delivered_lat, event.body?.delivered_lon);
    return [];
  });
}

function toPlace(lat: number | null | undefined, lon: number | null | undefined): Place[] {
  return typeof lat === 'number' && typeof lon === 'number' ? [[lat, lon] as Place].filter(isOnEarth) : [];
}

function isOnEarth([lat, lon]: Place): boolean {
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
}

/** To a tenth of a unit; nothing where all places are one, which no picture shows. */
function toPoint(projected: [number, number] | null): Point[] {
  if (!projected?.every(Number.isFinite)) return [];
  const [x, y] = projected;
  return [[Math.round(x * 10) / 10, Math.round(y * 10) / 10]];
}

function measureKm(coordinates: [number, number][]): number {
  const steps = coordinates.slice(1).map((place, index) => geoDistance(coordinates[index] ?? place, place));
  return steps.reduce((sum, step) => sum + step, 0) * EARTH_RADIUS_KM;
}

/** The pings that say how far they are, from the pick-up at 0 to the delivery at 1, never backwards. */
function listMilestones(
  events: readonly TimelineEvent[],
  pickedUpTs: string,
  deliveredTs: string | undefined,
): Milestone[] {
  const milestones: Milestone[] = [{ at: Date.parse(pickedUpTs), share: 0 }];
  for (const event of events) {
    const share = event.type === 'driver_ping' ? (event.body?.progress_pct ?? Number.NaN) / 100 : Number.NaN;
    const last = milestones.at(-1);
    if (share <= 1 && last && share >= last.share && Date.parse(event.ts) > last.at)
      milestones.push({ at: Date.parse(event.ts), share });
  }
  if (deliveredTs) milestones.push({ at: Date.parse(deliveredTs), share: 1 });
  return milestones;
}
