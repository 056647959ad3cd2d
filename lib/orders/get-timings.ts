import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { double, integer, nullable, type RowOf, text, textArray, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { borderTypes, type PhaseName, phaseNames } from './measure-phases.ts';

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

/** Median and third quartile of a phase in minutes, over the deliveries that report both of its ends. */
const phaseColumns = { p50: double, p75: double, deliveries: integer };
export type PhaseTimings = Partial<Record<PhaseName, RowOf<typeof phaseColumns>>>;

/** How many of the newest deliveries are read: enough for a quartile, few enough for a page. */
const SAMPLE = 300;

const findPhaseTimings = statement({
  params: { location: text, until: timestamp, sample: integer, types: textArray },
  returns: { phase: integer, ...phaseColumns },
  sql: ({ location, until, sample, types }) => sql`
    -- one row per phase, numbered as its borders
    with newest as materialized (
      select order_id
      from lakeflow.silver_deliveries
      where location = ${location}
        and delivered_ts > ${until}::timestamptz - interval '24 hours' and delivered_ts <= ${until}
      order by delivered_ts desc
      limit ${sample}
    ),
    border as (
      select
        event.order_id, array_position(${types}::text[], event.event_type) as position, min(event.ts) as ts
      from newest
      join lakeflow.all_events as event using (order_id)
      -- within days, so that no other partition is read; a longer order has no phases to compare with
      where event.event_type = any (${types}::text[])
        and event.ts > ${until}::timestamptz - interval '4 days'
        and event.ts < ${until}::timestamptz + interval '1 day'
      group by event.order_id, event.event_type
    ),
    phase as (
      select earlier.position as phase, extract(epoch from later.ts - earlier.ts) / 60 as minutes
      from border as earlier
      join border as later on later.order_id = earlier.order_id and later.position = earlier.position + 1
      where later.ts >= earlier.ts
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
 * How long each phase takes at a location, from its newest deliveries (at most 300) in the 24 hours of event time up
 * to `until`; a phase that no delivery reports is absent.
 */
export async function getPhaseTimings(db: Database, location: string, until: Date): Promise<PhaseTimings> {
  const rows = await findPhaseTimings(db.pool, { location, until, sample: SAMPLE, types: [...borderTypes] });
  return Object.fromEntries(
    rows.map(({ phase, ...timing }) => [phaseNames[phase - 1], timing]),
  ) as PhaseTimings;
}
