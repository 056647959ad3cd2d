import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { double, named, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { isoFromMicros } from './micros.ts';

const columns = { deliveredAt: double, minutes: named('delivery_minutes', double) };
/** A delivery of a benchmark: microseconds since 1970, and minutes from created to delivered. */
export type TimedDelivery = RowOf<typeof columns>;

const findDeliveries = statement({
  params: { location: text, after: text, until: text },
  returns: columns,
  sql: ({ location, after, until }) => sql`
    -- one row per delivery of the location
    select
      (extract(epoch from delivered_ts) * 1000000)::double precision as delivered_at,
      delivery_minutes
    from lakeflow.silver_deliveries
    where location = ${location}
      and delivered_ts > ${after}
      and delivered_ts <= ${until}
      -- a clock was wrong: not a delivery time
      and delivery_minutes >= 0
    order by delivered_ts`,
});

/** A location's deliveries in the window (after, until], both in microseconds since 1970, in the order of delivery. */
export function listDeliveries(
  connection: Connection | Pool,
  location: string,
  after: number,
  until: number,
): Promise<TimedDelivery[]> {
  return findDeliveries(connection, {
    location,
    after: isoFromMicros(after),
    until: isoFromMicros(until),
  });
}
