import type { Connection } from '#db/client.ts';

/** The locations by their number and by their code. */
export type Locations = { codes: ReadonlyMap<number, string>; ids: ReadonlyMap<string, number> };

type LocatedEvent = { location?: string | null | undefined; location_id?: number | null | undefined };

/** Where an event took place, as far as is known. */
export type EventLocation = { location: string | null; locationId: number | null };

export async function readLocations(connection: Pick<Connection, 'query'>): Promise<Locations> {
  const { rows } = await connection.query<{ id: number; code: string }>(
    'select location_id as id, location_code as code from simulator.locations',
  );
  return {
    codes: new Map(rows.map(({ id, code }) => [id, code])),
    ids: new Map(rows.map(({ id, code }) => [code, id])),
  };
}

/** Completes what an event says of its place: one of code and number gives the other; an unknown number N is `location_N`. */
export function locateEvent(
  { location, location_id: id }: LocatedEvent,
  { codes, ids }: Locations,
): EventLocation {
  return {
    location: location ?? (id == null ? null : (codes.get(id) ?? `location_${id}`)),
    locationId: id ?? (location == null ? null : (ids.get(location) ?? null)),
  };
}
