/** A point on the map, in degrees. */
export type LatLon = { lat: number; lon: number };

export const METERS_PER_DEGREE = 111_320;
export const METERS_PER_MILE = 1609.344;

/** Meters to the east and north of an origin. */
export type Meters = { east: number; north: number };

/** Projects degrees to meters around an origin. The earth is treated as flat, which is accurate for a few dozen kilometers. */
export function projectAround(origin: LatLon): (node: LatLon) => Meters {
  const perDegreeEast = METERS_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180);
  return ({ lat, lon }) => ({
    east: (lon - origin.lon) * perDegreeEast,
    north: (lat - origin.lat) * METERS_PER_DEGREE,
  });
}

/** The distance in meters between two points a few kilometers apart. */
export function distanceMeters(one: LatLon, other: LatLon): number {
  const { east, north } = projectAround(one)(other);
  return Math.sqrt(east * east + north * north);
}

/** The distance of a point from the line between two others, and the share of the line at which it is nearest. */
export function nearestOnLine(point: Meters, from: Meters, to: Meters): { meters: number; share: number } {
  const [east, north] = [to.east - from.east, to.north - from.north];
  const length = east * east + north * north;
  const along = (point.east - from.east) * east + (point.north - from.north) * north;
  const share = length > 0 ? Math.min(1, Math.max(0, along / length)) : 0;
  const [left, up] = [point.east - from.east - share * east, point.north - from.north - share * north];
  return { meters: Math.sqrt(left * left + up * up), share };
}
