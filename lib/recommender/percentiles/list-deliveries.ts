import type { Connection } from '#db/client.ts';
import { isoFromMicros } from '../micros.ts';
import type { TimedDelivery } from './rolling-percentiles.ts';

type Row = { delivered_at: number; minutes: number };

/** A location's deliveries in the window (after, until], both in microseconds since 1970, in the order of delivery. */
export async function listDeliveries(
  connection: Pick<Connection, 'query'>,
  location: string,
  after: number,
  until: number,
): Promise<TimedDelivery[]> {
  const { rows } = await connection.query<Row>(
    `
    -- one row per delivery of the location
    select
      (extract(epoch from delivered_ts) * 1000000)::double precision as delivered_at,
      delivery_minutes as minutes
    from lakeflow.silver_deliveries
    where location = $1
      and delivered_ts > $2
      and delivered_ts <= $3
    order by delivered_ts`,
    [location, isoFromMicros(after), isoFromMicros(until)],
  );
  return rows.map((row) => ({ deliveredAt: row.delivered_at, minutes: row.minutes }));
}
