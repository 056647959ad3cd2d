import { sql } from 'drizzle-orm/sql';
import { integer, text } from '#db/columns.ts';
import { type Runner, statement } from '#db/statement.ts';

/** The known locations: number → code, and code → number. */
export type Locations = { codes: ReadonlyMap<number, string>; ids: ReadonlyMap<string, number> };

/** The location of an event, as far as it is known. */
export type EventLocation = { location: string | null; locationId: number | null };

const selectLocations = statement({
  returns: { locationId: integer, locationCode: text },
  sql: () => sql`select location_id, location_code from simulator.locations`,
});

export async function readLocations(connection: Runner): Promise<Locations> {
  const rows = await selectLocations(connection, {});
  return {
    codes: new Map(rows.map(({ locationId, locationCode }) => [locationId, locationCode])),
    ids: new Map(rows.map(({ locationId, locationCode }) => [locationCode, locationId])),
  };
}

/** Completes the location of an event: code and number each give the other; an unknown number N is `location_N`. */
export function locateEvent(
  {
    location,
    location_id: id,
  }: { location?: string | null | undefined; location_id?: number | null | undefined },
  { codes, ids }: Locations,
): EventLocation {
  return {
    location: location ?? (id == null ? null : (codes.get(id) ?? `location_${id}`)),
    locationId: id ?? (location == null ? null : (ids.get(location) ?? null)),
  };
}
