import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer, json, nullable, oneOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { bodySchemas, type EventBody, type EventType, eventTypes } from '#lib/contract/event.ts';
import { getOrderDays } from './get-order.ts';

/** What is read of each body: the customer's address and coordinates are left out, `getDestination` returns them. */
const timelineBodies = {
  ...bodySchemas,
  order_created: bodySchemas.order_created.pick({ items: true }),
};

type TimelineBody<Type extends EventType> = Type extends 'order_created'
  ? Pick<EventBody<'order_created'>, 'items'>
  : EventBody<Type>;

type TimelineEnvelope = {
  eventId: string;
  /** ISO 8601 in UTC with microseconds. */
  ts: string;
  sequence: number;
  gkId: string | null;
  location: string | null;
  locationId?: number | null;
};

/** One event of an order, discriminated by `type`. `body` is null where the stored text does not match its type. */
export type TimelineEvent = {
  [Type in EventType]: TimelineEnvelope & { type: Type; body: TimelineBody<Type> | null };
}[EventType];

const findEvents = statement({
  params: { orderId: text, from: text, before: text },
  returns: {
    eventId: text,
    eventType: oneOf(eventTypes),
    ts: text,
    sequence: integer,
    gkId: nullable(text),
    location: nullable(text),
    locationId: nullable(integer),
    body: json<unknown>(),
  },
  sql: ({ orderId, from, before }) => sql`
    -- one row per event of the order
    select
      event_id, event_type,
      to_char(ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ts,
      sequence, gk_id, location, location_id, body
    from lakeflow.all_events
    where order_id = ${orderId} and all_events.ts >= ${from} and all_events.ts < ${before}
    order by all_events.ts, sequence, event_id`,
});

/** The events of an order by `ts`, then `sequence`; empty for an unknown order. */
export async function listOrderEvents(db: Database, orderId: string): Promise<TimelineEvent[]> {
  const { from, before } = await getOrderDays(db, orderId);
  const rows = await findEvents(db.pool, { orderId, from, before });
  return rows.map(({ eventType, body, ...envelope }) => parseTimelineEvent(eventType, envelope, body));
}

/** Reads a row of bronze: the body is JSON, or a string that holds JSON. */
export function parseTimelineEvent(
  type: EventType,
  envelope: TimelineEnvelope,
  body: unknown,
): TimelineEvent {
  const parsed = timelineBodies[type].safeParse(typeof body === 'string' ? parseJson(body) : body);
  // The schema was looked up by the same type, which the compiler cannot follow through the union.
  return { ...envelope, type, body: parsed.success ? parsed.data : null } as TimelineEvent;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Two decimals of a degree are about a kilometre, which identifies a neighbourhood but no door. */
const DECIMALS = 2;

/** The event with every coordinate in it rounded to about a kilometre. */
export function maskCoordinates(event: TimelineEvent): TimelineEvent {
  switch (event.type) {
    case 'driver_picked_up': {
      if (!event.body) return event;
      const route_points = event.body.route_points?.map(([lat, lon]): [number, number] => [
        round(lat),
        round(lon),
      ]);
      return { ...event, body: { ...event.body, route_points } };
    }
    case 'driver_ping': {
      if (!event.body) return event;
      const { loc_lat, loc_lon, ...rest } = event.body;
      return { ...event, body: { ...rest, loc_lat: round(loc_lat), loc_lon: round(loc_lon) } };
    }
    case 'delivered': {
      if (!event.body) return event;
      const { delivered_lat, delivered_lon } = event.body;
      return {
        ...event,
        body: { delivered_lat: round(delivered_lat), delivered_lon: round(delivered_lon) },
      };
    }
    default:
      return event;
  }
}

function round<Degrees extends number | null | undefined>(degrees: Degrees): Degrees {
  return (typeof degrees === 'number' ? Number(degrees.toFixed(DECIMALS)) : degrees) as Degrees;
}
