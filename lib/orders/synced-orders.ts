import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import {
  double,
  group,
  instant,
  integer,
  json,
  named,
  nullable,
  type RowOf,
  text,
  timestamp,
  usd,
} from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { EventType } from '#lib/contract/event.ts';
import { centsFromNumeric } from '#lib/money.ts';
import { listBrandsOf, locationColumns, type Order } from './get-order.ts';
import { type PhaseName, phaseNames } from './measure-phases.ts';
import { parseTimelineEvent, type TimelineEvent } from './order-events.ts';

/*
 * The orders as the console knows them: what the sync has carried into the console's own database with their
 * recommendations (build-orders.ts). They can be read while the lakehouse is another database, or away.
 */

/** A line as build-orders.ts writes it. */
type StoredLine = {
  line_no: number;
  item_id: number | null;
  item_name: string | null;
  brand_id: number | null;
  brand_name: string | null;
  price: string;
  qty: number;
  extended_price: string;
};
type StoredEvent = [
  eventId: string,
  type: EventType,
  ts: string,
  sequence: number,
  gkId: string | null,
  location: string | null,
  locationId: number | null,
  body: unknown,
];

const selectOrder = statement({
  params: { orderId: text },
  returns: {
    gkId: nullable(text),
    location: group(locationColumns),
    createdTs: instant,
    deliveredTs: nullable(instant),
    deliveryMinutes: nullable(double),
    totalCents: named('total_usd', usd),
    lines: json<StoredLine[]>(),
    events: json<StoredEvent[]>(),
  },
  sql: ({ orderId }) => sql`
    -- at most one row
    select
      gk_id, location, location_id, location_name, time_zone, created_ts, delivered_ts, delivery_minutes, total_usd,
      lines, events
    from recommender.pg_orders
    where order_id = ${orderId}`,
});

/** An order with its events by `ts`, then `sequence`. */
export type SyncedOrder = { order: Order; events: TimelineEvent[] };

/** The order as it was last synced, or undefined where it has not been scored and synced. */
export async function getSyncedOrder(db: Database, orderId: string): Promise<SyncedOrder | undefined> {
  const [row] = await selectOrder(db.pool, { orderId });
  if (!row) return undefined;
  const { lines: storedLines, events, ...known } = row;
  const lines = storedLines.map(readLine);
  return { order: { orderId, ...known, lines, brands: listBrandsOf(lines) }, events: events.map(readEvent) };
}

function readLine(line: StoredLine): Order['lines'][number] {
  return {
    lineNo: line.line_no,
    itemId: line.item_id,
    name: line.item_name,
    brandId: line.brand_id,
    brandName: line.brand_name,
    priceCents: centsFromNumeric(line.price),
    qty: line.qty,
    extendedCents: centsFromNumeric(line.extended_price),
  };
}

function readEvent([
  eventId,
  type,
  ts,
  sequence,
  gkId,
  location,
  locationId,
  body,
]: StoredEvent): TimelineEvent {
  return parseTimelineEvent(type, { eventId, ts, sequence, gkId, location, locationId }, body);
}

/** Where an order goes. Personal data: read it only where a person needs it, and keep it out of lists and logs. */
const destinationColumns = {
  address: nullable(text),
  lat: named('latitude', nullable(double)),
  lon: named('longitude', nullable(double)),
};
export type Destination = RowOf<typeof destinationColumns>;

const selectDestination = statement({
  params: { orderId: text },
  returns: destinationColumns,
  sql: ({ orderId }) => sql`
    -- at most one row
    select address, latitude, longitude from recommender.pg_order_places where order_id = ${orderId}`,
});

/** The customer's address and coordinates, or undefined where they are not known, or no longer kept. */
export async function getDestination(db: Database, orderId: string): Promise<Destination | undefined> {
  const [row] = await selectDestination(db.pool, { orderId });
  return row;
}

/** Median and third quartile of a phase in minutes, over the deliveries that report both of its ends. */
const phaseColumns = { p50: double, p75: double, deliveries: integer };
export type PhaseTimings = Partial<Record<PhaseName, RowOf<typeof phaseColumns>>>;

/** How many of the newest deliveries are read: enough for a quartile, few enough for a page. */
const SAMPLE = 300;

const selectPhaseTimings = statement({
  params: { location: text, until: timestamp, sample: integer, phases: integer },
  returns: { phase: integer, ...phaseColumns },
  sql: ({ location, until, sample, phases }) => sql`
    -- one row per phase: phase n lies between the borders n and n + 1
    with newest as (
      select border_ts
      from recommender.pg_orders
      where location = ${location}
        and delivered_ts > ${until}::timestamptz - interval '24 hours' and delivered_ts <= ${until}
      order by delivered_ts desc
      limit ${sample}
    ), phase as (
      select n as phase, extract(epoch from border_ts[n + 1] - border_ts[n]) / 60 as minutes
      from newest
      cross join generate_series(1, ${phases}::integer) as n
      where border_ts[n + 1] >= border_ts[n]
    )
    select
      phase,
      count(*)::integer as deliveries,
      percentile_cont(0.5) within group (order by minutes::double precision) as p50,
      percentile_cont(0.75) within group (order by minutes::double precision) as p75
    from phase
    group by phase`,
});

/**
 * How long each phase takes at a location, from its newest synced deliveries (at most 300) in the 24 hours of event
 * time up to `until`; a phase that no delivery reports is absent.
 */
export async function getPhaseTimings(db: Database, location: string, until: Date): Promise<PhaseTimings> {
  const phases = phaseNames.length;
  const rows = await selectPhaseTimings(db.pool, { location, until, sample: SAMPLE, phases });
  return Object.fromEntries(
    rows.map(({ phase, ...timing }) => [phaseNames[phase - 1], timing]),
  ) as PhaseTimings;
}

const brandColumns = { id: named('brand_id', integer), name: text };

const selectBrands = statement({
  returns: brandColumns,
  sql: () => sql`select brand_id, name from recommender.pg_brands order by name, brand_id`,
});

/** All brands by name. */
export function listBrands(db: Database): Promise<RowOf<typeof brandColumns>[]> {
  return selectBrands(db.pool, {});
}
