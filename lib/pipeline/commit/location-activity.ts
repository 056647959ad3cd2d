import type { Connection } from '#db/client.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';

const advance = `
-- grain: one row per location; its newest accepted event never moves back
insert into lakeflow.location_activity as known (location, newest_event_ts, batch_id)
select location, ts, $1
from unnest($2::text[], $3::timestamptz[]) as seen (location, ts)
on conflict (location) do update set newest_event_ts = excluded.newest_event_ts, batch_id = excluded.batch_id
where excluded.newest_event_ts > known.newest_event_ts`;

/**
 * Advances the newest event time of each location, within the batch's transaction: what is late at a location is
 * measured against its own events, because one location may be silent while others go on.
 */
export async function advanceLocations(
  connection: Connection,
  { batchId }: BatchContext,
  activity: ParsedBatch['activity'],
): Promise<void> {
  if (activity.length === 0) return;
  await connection.query(advance, [
    batchId,
    activity.map(({ location }) => location),
    activity.map(({ ts }) => ts),
  ]);
}
