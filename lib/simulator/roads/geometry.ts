/** A point on the map, in degrees. */
export type Node = { lat: number; lon: number };

export const METERS_PER_DEGREE = 111_320;
export const METERS_PER_MILE = 1609.344;

/** Meters to the east and north of an origin. */
export type Meters = { east: number; north: number };

/** Turns degrees into meters around an origin, on a flat earth; good for some dozens of kilometres. */
export function projectAround(origin: Node): (node: Node) => Meters {
  const perDegreeEast = METERS_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180);
  return ({ lat, lon }) => ({
    east: (lon - origin.lon) * perDegreeEast,
    north: (lat - origin.lat) * METERS_PER_DEGREE,
  });
}

/** Meters between two points that are some kilometres apart at most. */
export function distanceMeters(one: Node, other: Node): number {
  const { east, north } = projectAround(one)(other);
  return Math.sqrt(east * east + north * north);
}

/** How far `point` is from the line between two others, and at which share of the line it is nearest. */
export function nearestOnLine(point: Meters, from: Meters, to: Meters): { meters: number; share: number } {
  const [east, north] = [to.east - from.east, to.north - from.north];
  const length = east * east + north * north;
  const along = (point.east - from.east) * east + (point.north - from.north) * north;
  const share = length > 0 ? Math.min(1, Math.max(0, along / length)) : 0;
  const [left, up] = [point.east - from.east - share * east, point.north - from.north - share * north];
  return { meters: Math.sqrt(left * left + up * up), share };
}
