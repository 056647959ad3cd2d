import type { Database } from '#db/client.ts';

/** An event that came late; times are ISO 8601 in UTC, `lateness` is seconds behind the newest event. */
export type LateEventRow = {
  eventId: string;
  dataset: string;
  eventType: string;
  orderId: string;
  ts: string;
  watermark: string;
  lateness: number;
  batchId: number;
  state: 'left out' | 'asked for' | 'admitted' | 'counted';
};

export type LateFilter = { dataset?: string | undefined; leftOut?: boolean | undefined; limit: number };

const query = `
-- grain: one row per late event and table that leaves it out, newest first
select
  event_id as "eventId", dataset, event_type as "eventType", order_id as "orderId",
  to_char(ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ts,
  to_char(watermark at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as watermark,
  extract(epoch from lateness)::double precision as lateness,
  batch_id::integer as "batchId",
  case
    when dataset = 'all_events' then 'counted'
    when admitted_at is not null then 'admitted'
    when admit_requested_at is not null then 'asked for'
    else 'left out'
  end as state
from lakeflow.late_events
where ($1::text is null or dataset = $1)
  and (not $2 or (dataset <> 'all_events' and admitted_at is null))
order by batch_id desc, ts desc, event_id, dataset
limit $3`;

/** Lists late events and what became of them. */
export async function listLateEvents(
  { pool }: Pick<Database, 'pool'>,
  { dataset, leftOut = false, limit }: LateFilter,
): Promise<LateEventRow[]> {
  return (await pool.query<LateEventRow>(query, [dataset ?? null, leftOut, limit])).rows;
}
