import { geoDistance, geoMercator } from 'd3-geo';
import type { TimelineEvent } from './order-events.ts';

/** Picture units: x to the right, y down, within the size that `traceRoute` was given. */
export type PicturePoint = [x: number, y: number];
/** The share of the route that the driver had covered at an instant (milliseconds). */
export type Milestone = { at: number; share: number };

/**
 * The drive as a picture: it shows the shape of the route and contains no coordinates of the earth. `km` is its
 * length, `milestones` run from the pick-up to the delivery or to the last ping.
 */
export type Route = { path: PicturePoint[]; km: number; milestones: Milestone[]; delivered: boolean };

type Size = { width: number; height: number; padding: number };
type LatLon = [lat: number, lon: number];

const EARTH_RADIUS_KM = 6371.0088;

/**
 * Draws the drive of an order into a picture of `size`.
 * @param events in time order. Undefined where no pick-up or fewer than two points of the route are known.
 */
export function traceRoute(events: readonly TimelineEvent[], size: Size): Route | undefined {
  const pickedUp = events.find((event) => event.type === 'driver_picked_up');
  const points = listCoordinates(events);
  if (!pickedUp || points.length < 2) return undefined;
  const coordinates = points.map(([lat, lon]): [number, number] => [lon, lat]);
  const line = { type: 'LineString' as const, coordinates };
  const { width, height, padding } = size;
  const project = geoMercator().fitExtent(
    [
      [padding, padding],
      [width - padding, height - padding],
    ],
    line,
  );
  const path = coordinates.flatMap((point) => toPoint(project(point)));
  if (path.length < 2) return undefined;
  const delivered = events.find((event) => event.type === 'delivered');
  return {
    path,
    km: measureKm(coordinates),
    milestones: listMilestones(events, pickedUp.ts, delivered?.ts),
    delivered: delivered !== undefined,
  };
}

/** The planned route; without one, the pings and the coordinates of the delivery. */
function listCoordinates(events: readonly TimelineEvent[]): LatLon[] {
  for (const event of events) {
    const planned = event.type === 'driver_picked_up' && event.body?.route_points;
    if (planned && planned.length > 1) return planned.filter(isOnEarth);
  }
  return events.flatMap((event): LatLon[] => {
    if (event.type === 'driver_ping') return toLatLon(event.body?.loc_lat, event.body?.loc_lon);
    if (event.type === 'delivered') return toLatLon(event.body?.delivered_lat, event.body?.delivered_lon);
    return [];
  });
}

function toLatLon(lat: number | null | undefined, lon: number | null | undefined): LatLon[] {
  return typeof lat === 'number' && typeof lon === 'number' ? [[lat, lon] as LatLon].filter(isOnEarth) : [];
}

function isOnEarth([lat, lon]: LatLon): boolean {
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
}

/** To a tenth of a unit; nothing where all coordinates are the same, which has no picture. */
function toPoint(projected: [number, number] | null): PicturePoint[] {
  if (!projected?.every(Number.isFinite)) return [];
  const [x, y] = projected;
  return [[Math.round(x * 10) / 10, Math.round(y * 10) / 10]];
}

function measureKm(coordinates: [number, number][]): number {
  const steps = coordinates.slice(1).map((point, index) => geoDistance(coordinates[index] ?? point, point));
  return steps.reduce((sum, step) => sum + step, 0) * EARTH_RADIUS_KM;
}

/** The pings that report progress, from the pick-up at 0 to the delivery at 1, never backwards. */
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
