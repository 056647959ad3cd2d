import type { Database } from '#db/client.ts';
import type { EventType } from '#lib/contract/event.ts';
import { getOrderDays } from './get-order-days.ts';
import { parseTimelineEvent, type TimelineEvent } from './timeline-event.ts';

type Row = {
  event_id: string;
  event_type: EventType;
  ts: string;
  sequence: number;
  gk_id: string | null;
  location: string | null;
  location_id: number | null;
  body: unknown;
};

/** The events of an order by `ts`, then `sequence`; none for an order that nobody knows. */
export async function listOrderEvents(db: Database, orderId: string): Promise<TimelineEvent[]> {
  const { from, before } = await getOrderDays(db.pool, orderId);
  const { rows } = await db.pool.query<Row>(
    `
    -- one row per event of the order
    select
      event_id, event_type,
      to_char(ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ts,
      sequence, gk_id, location, location_id, body
    from lakeflow.all_events
    where order_id = $1 and all_events.ts >= $2 and all_events.ts < $3
    order by all_events.ts, sequence, event_id`,
    [orderId, from, before],
  );
  return rows.map(({ event_id, event_type, gk_id, location_id, body, ...shared }) =>
    parseTimelineEvent(
      event_type,
      { eventId: event_id, gkId: gk_id, locationId: location_id, ...shared },
      body,
    ),
  );
}
