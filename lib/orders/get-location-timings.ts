import type { Database } from '#db/client.ts';

/** Minutes from created to delivered at a location over (windowFrom, windowTo]; percentiles are null without deliveries. */
export type LocationTimings = {
  location: string;
  windowFrom: string;
  windowTo: string;
  deliveries: number;
  p50: number | null;
  p75: number | null;
  p99: number | null;
};

type Row = { deliveries: number; p50: number | null; p75: number | null; p99: number | null };

/** The percentiles of a location's deliveries in the 24 hours of event time up to `until`, as `percentile_cont` gives them. */
export async function getLocationTimings(
  db: Database,
  location: string,
  until: Date,
): Promise<LocationTimings> {
  const from = new Date(until.getTime() - 24 * 3_600_000);
  const { rows } = await db.pool.query<Row>(
    `
    -- one row: the percentiles over the window
    select deliveries, p50, p75, p99 from ai.get_location_timings($1, $2)`,
    [location, until],
  );
  const [row] = rows;
  if (!row) throw new Error('an aggregate returned no row');
  return { location, windowFrom: from.toISOString(), windowTo: until.toISOString(), ...row };
}
