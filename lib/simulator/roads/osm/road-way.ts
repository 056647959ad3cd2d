import type { Tags } from './osm-element.ts';

/** A drivable way: its speed in km/h, its directions, and its name, empty where it has none. */
export type RoadWay = { kmh: number; forward: boolean; backward: boolean; name: string };

/** Free-flow km/h by road class, for ways without a speed limit; a link is a little slower. */
const CLASS_KMH = new Map(
  Object.entries({
    motorway: 105,
    trunk: 85,
    primary: 60,
    secondary: 50,
    tertiary: 45,
    unclassified: 40,
    residential: 30,
    road: 30,
    living_street: 10,
    service: 15,
  }),
);
const LINK_SHARE = 0.7;
/** Speed limits named by a country's rule, such as "FR:urban". */
const ZONE_KMH = new Map(
  Object.entries({
    urban: 50,
    rural: 80,
    trunk: 100,
    motorway: 120,
    living_street: 10,
  }),
);
const CLOSED = new Set(['no', 'private', 'agricultural', 'forestry', 'military', 'emergency']);
const NOT_THROUGH = new Set(['parking_aisle', 'drive-through', 'emergency_access']);
const KMH_PER_MPH = 1.609344;

/** Reads the tags of a way; undefined where cars are not allowed. */
export function readRoadWay(tags: Tags): RoadWay | undefined {
  const highway = tags.highway ?? '';
  const road = highway.replace(/_link$/, '');
  const classKmh = CLASS_KMH.get(road);
  if (classKmh === undefined || tags.area === 'yes' || NOT_THROUGH.has(tags.service ?? '')) return undefined;
  const access = tags.motorcar ?? tags.motor_vehicle ?? tags.vehicle ?? tags.access ?? 'yes';
  if (CLOSED.has(access)) return undefined;
  const kmh = readMaxspeed(tags.maxspeed) ?? classKmh * (road === highway ? 1 : LINK_SHARE);
  return { kmh, ...readDirections(tags, road), name: tags.name ?? tags.ref ?? '' };
}

function readDirections(tags: Tags, road: string): { forward: boolean; backward: boolean } {
  const circle = tags.junction === 'roundabout' || tags.junction === 'circular';
  const implied = circle || road === 'motorway' ? 'yes' : 'no';
  const oneway = tags.oneway ?? implied;
  if (oneway === '-1' || oneway === 'reverse') return { forward: false, backward: true };
  return { forward: true, backward: !['yes', 'true', '1'].includes(oneway) };
}

/** Km/h from "50", "30 mph", "FR:urban" or "walk"; undefined for anything else. */
function readMaxspeed(text: string | undefined): number | undefined {
  if (text === 'walk') return 7;
  const zone = /^[A-Z]{2}:(\w+)$/.exec(text ?? '')?.[1];
  if (zone) return ZONE_KMH.get(zone);
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(km\/h|mph)?(?:;.*)?$/.exec(text ?? '') ?? [];
  const kmh = Number(number ?? 0) * (unit === 'mph' ? KMH_PER_MPH : 1);
  return kmh >= 3 && kmh <= 200 ? kmh : undefined;
}
