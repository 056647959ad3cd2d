import type { Dataset } from '../dataset.ts';
import { validRecord } from '../expectations.ts';

/** What a batch added to bronze that makes silver: of an order its creation, with the body, and its delivery. */
export const addedEventsTable = `
create temporary table if not exists added_events (
  event_id text, event_type text, ts timestamptz, gk_id text, location text, location_id integer,
  order_id text, body json, batch_id bigint
) on commit delete rows`;

/** How many events of each file were new, for the ledger. */
export const addedCountsTable = `
create temporary table if not exists added_counts (source_file text, events bigint) on commit delete rows`;

const sql = `
-- grain: one row per event, by event_id; of equal ones the first that came
with located as (
  select
    staged.*,
    coalesce(staged.location, by_id.location_code, 'location_' || staged.location_id) as full_location,
    coalesce(staged.location_id, by_code.location_id) as full_location_id
  from pg_temp.staged_events as staged
  left join simulator.locations as by_id on by_id.location_id = staged.location_id
  left join simulator.locations as by_code on by_code.location_code = staged.location
),
added as (
  insert into lakeflow.all_events (
    event_id, event_type, ts, gk_id, location, location_id, order_id, sequence, body, rescued_data,
    source_file, source_line, ingested_at, batch_id)
  select
    event_id, event_type, ts::timestamptz, gk_id, full_location, full_location_id, order_id, sequence,
    body::json, rescued_data::jsonb, source_file, source_line, $2, $1
  from located
  on conflict (event_id) do nothing
  returning *
),
kept as (
  insert into pg_temp.added_events
  select
    event_id, event_type, ts, gk_id, location, location_id, order_id,
    case event_type when 'order_created' then body end, batch_id
  from added
  where event_type in ('order_created', 'delivered')
),
counted as (
  insert into pg_temp.added_counts
  select source_file, count(*) from added group by source_file
  returning events
)
select coalesce(sum(events), 0)::integer as rows from counted`;

export const allEvents: Dataset = {
  name: 'all_events',
  layer: 'bronze',
  grain: 'one row per event, by event_id; of equal ones the first that came',
  key: ['event_id'],
  columns: [
    ...['event_id', 'event_type', 'ts', 'gk_id', 'location', 'location_id', 'order_id', 'sequence', 'body'],
    ...['rescued_data', 'source_file', 'source_line', 'ingested_at', 'batch_id'],
  ],
  inputs: ['event files', 'simulator.locations'],
  partitionedBy: null,
  window: null,
  body: null,
  rows: null,
  added: null,
  expectations: [
    validRecord,
    {
      name: 'unique_event_id',
      action: 'warn',
      sql: `
        select added.events as passed, staged.events - added.events as failed
        from (select coalesce(sum(events), 0) as events from pg_temp.added_counts) as added,
          (select count(*) as events from pg_temp.staged_events) as staged`,
    },
  ],
  refresh: async (connection, { batchId, takenAt }) => {
    const { rows } = await connection.query<{ rows: number }>(sql, [batchId, takenAt]);
    return rows[0]?.rows ?? 0;
  },
};
