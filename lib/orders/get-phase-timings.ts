import type { Database } from '#db/client.ts';
import { borderTypes, type PhaseName, phaseNames } from './measure-phases.ts';

/** Median and third quartile of a phase in minutes, over the deliveries that report both of its ends. */
export type PhaseTiming = { p50: number; p75: number; deliveries: number };
export type PhaseTimings = Partial<Record<PhaseName, PhaseTiming>>;

/** So many of the newest deliveries are looked at: enough for a quartile, few enough for a page. */
const SAMPLE = 300;

type Row = { phase: number; p50: number; p75: number; deliveries: number };

/**
 * How long each phase takes at a location, from its newest deliveries (at most 300) in the 24 hours of event
 * time up to `until`; a phase that none of them reports is absent.
 */
export async function getPhaseTimings(db: Database, location: string, until: Date): Promise<PhaseTimings> {
  const { rows } = await db.pool.query<Row>(
    `
    -- one row per phase, numbered as its borders
    with newest as materialized (
      select order_id
      from lakeflow.silver_deliveries
      where location = $1 and delivered_ts > $2::timestamptz - interval '24 hours' and delivered_ts <= $2
      order by delivered_ts desc
      limit $3
    ),
    border as (
      select event.order_id, array_position($4::text[], event.event_type) as place, min(event.ts) as ts
      from newest
      join lakeflow.all_events as event using (order_id)
      -- within days, so that no other partition is read; who took longer has no phases to compare with
      where event.event_type = any ($4::text[])
        and event.ts > $2::timestamptz - interval '4 days' and event.ts < $2::timestamptz + interval '1 day'
      group by event.order_id, event.event_type
    ),
    phase as (
      select earlier.place as phase, extract(epoch from later.ts - earlier.ts) / 60 as minutes
      from border as earlier
      join border as later on later.order_id = earlier.order_id and later.place = earlier.place + 1
      where later.ts >= earlier.ts
    )
    select
      phase,
      count(*)::integer as deliveries,
      percentile_cont(0.5) within group (order by minutes::double precision) as p50,
      percentile_cont(0.75) within group (order by minutes::double precision) as p75
    from phase
    group by phase`,
    [location, until, SAMPLE, borderTypes],
  );
  return Object.fromEntries(
    rows.map(({ phase, ...timing }) => [phaseNames[phase - 1], timing]),
  ) as PhaseTimings;
}
