import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { instant, integer, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

const columns = { location: text, silentSinceTs: instant, waitingOrders: integer };
/** A location whose own events have stopped, since its newest one, and its orders that wait for a delivery. */
export type SilentLocation = RowOf<typeof columns>;

const findSilent = statement({
  returns: columns,
  sql: () => sql`
    -- one row per location whose newest event is older than what the policy allows a delivery, by the watermark of all
    with horizon as (
      select pipeline.watermark
        - (rules -> 'full_refund' ->> 'undelivered_after_minutes')::double precision * interval '1 minute' as before
      from lakeflow.checkpoints as pipeline, recommender.active_policy
      where pipeline.name = 'pipeline'
    )
    select activity.location, activity.newest_event_ts as silent_since_ts, (
      select count(*)::integer
      from lakeflow.silver_orders as placed
      left join recommender.undelivered_searches as search on search.location = activity.location
      where placed.location = activity.location and placed.delivered_ts is null
        and placed.created_ts > coalesce(search.searched_until, '-infinity')
    ) as waiting_orders
    from lakeflow.location_activity as activity
    join horizon on activity.newest_event_ts < horizon.before
    order by activity.newest_event_ts, activity.location`,
});

/**
 * The locations that are silent, longest first: their orders are not called undelivered, because what is missing may be
 * the location's events and not the deliveries. Someone has to find out which.
 */
export function listSilentLocations(db: Database): Promise<SilentLocation[]> {
  return findSilent(db.pool, {});
}

/** In one sentence, or what is well. */
export function describeSilent(silent: readonly SilentLocation[]): string {
  if (silent.length === 0) return 'Events come from every location.';
  const each = silent.map(
    ({ location, silentSinceTs, waitingOrders: n }) =>
      `${location} since ${silentSinceTs} (${n} ${n === 1 ? 'order waits' : 'orders wait'})`,
  );
  return `No events from ${each.join(', ')}.`;
}
