import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { double, integer, nullable, type RowOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

const locationColumns = {
  deliveries: integer,
  p50: nullable(double),
  p75: nullable(double),
  p99: nullable(double),
};

const findLocationTimings = statement({
  params: { location: text, until: timestamp },
  returns: locationColumns,
  sql: ({ location, until }) => sql`
    -- one row: the percentiles over the window
    select deliveries, p50, p75, p99 from ai.get_location_timings(${location}, ${until})`,
});

/**
 * The percentiles of the minutes from created to delivered of a location's deliveries, in the 24 hours of event time
 * up to `until`, as `percentile_cont` gives them; null without deliveries.
 */
export async function getLocationTimings(
  db: Database,
  location: string,
  until: Date,
): Promise<RowOf<typeof locationColumns>> {
  const [row] = await findLocationTimings(db.pool, { location, until });
  if (!row) throw new Error('an aggregate returned no row');
  return row;
}
